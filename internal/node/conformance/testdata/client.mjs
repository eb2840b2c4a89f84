// What an application does with the Node.js client, one step a sentence.
import assert from "node:assert/strict";

// The same script runs on both names of the client.
const lib = await import(process.env.NODE_CLIENT);
const Client = lib.KurrentDBClient ?? lib.EventStoreDBClient;
const { jsonEvent, streamNameFilter, eventTypeFilter, excludeSystemEvents,
  ANY, NO_STREAM, START, END, BACKWARDS, FORWARDS,
  WrongExpectedVersionError, StreamNotFoundError, StreamDeletedError,
  persistentSubscriptionToStreamSettingsFromDefaults, persistentSubscriptionToAllSettingsFromDefaults } = lib;

const client = Client.connectionString(`esdb://${process.env.NODE_ADDRESS}?tls=false`);
// the option has another name in the newer client
const at = (revision) => ({ expectedRevision: revision, streamState: revision });
const event = (n, type = "counted") => jsonEvent({ type, data: { n }, metadata: { from: "script" } });
const collect = async (read) => { const all = []; for await (const e of read) all.push(e.event); return all; };

async function step(name, run) {
  await run();
  console.log(`ok ${name}`);
}

// the first events of a subscription, as an array of their numbers
async function first(subscription, count) {
  const numbers = [];
  for await (const { event } of subscription) {
    numbers.push(event.data.n);
    if (numbers.length === count) break;
  }
  await subscription.unsubscribe();
  return numbers;
}

await step("append one event", async () => {
  const r = await client.appendToStream("one", event(0), { ...at(NO_STREAM) });
  assert.equal(r.success, true);
  assert.equal(r.nextExpectedRevision, 0n);
  assert.ok(r.position.commit > 0n);
});

await step("append 1000 events", async () => {
  const r = await client.appendToStream("many", Array.from({ length: 1000 }, (_, n) => event(n)));
  assert.equal(r.nextExpectedRevision, 999n);
});

await step("append with credentials goes the way without batches", async () => {
  const r = await client.appendToStream("one", event(1), { ...at(0n), credentials: { username: "admin", password: "changeit" } });
  assert.equal(r.nextExpectedRevision, 1n);
});

await step("a wrong expected version is told with both numbers", async () => {
  await assert.rejects(client.appendToStream("one", event(9), { ...at(7n) }), (e) => {
    assert.ok(e instanceof WrongExpectedVersionError);
    assert.equal(e.streamName, "one");
    assert.equal(e.expectedVersion ?? e.expectedState, 7n);
    assert.equal(e.actualVersion ?? e.actualState, 1n);
    return true;
  });
});

await step("read forwards and backwards", async () => {
  const ahead = await collect(client.readStream("many", { direction: FORWARDS, fromRevision: START }));
  assert.deepEqual(ahead.map((e) => e.data.n), Array.from({ length: 1000 }, (_, n) => n));
  assert.equal(ahead[0].metadata.from, "script");
  const back = await collect(client.readStream("many", { direction: BACKWARDS, fromRevision: END, maxCount: 3 }));
  assert.deepEqual(back.map((e) => e.data.n), [999, 998, 997]);
});

await step("a missing stream is not found", async () => {
  await assert.rejects(collect(client.readStream("missing")), StreamNotFoundError);
});

await step("read all", async () => {
  const all = await collect(client.readAll({ direction: FORWARDS, fromPosition: START }));
  assert.ok(all.length > 1002);
  assert.equal(all.filter((e) => !e.type.startsWith("$")).length, 1002);
  const [last] = await collect(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }));
  assert.equal(last.streamId, "one");
});

await step("subscribe to a stream: history, then live", async () => {
  const subscription = client.subscribeToStream("many", { fromRevision: 989n });
  const seen = first(subscription, 12);
  await client.appendToStream("many", [event(1000), event(1001)], { ...at(999n) });
  assert.deepEqual(await seen, [990, 991, 992, 993, 994, 995, 996, 997, 998, 999, 1000, 1001]);
});

await step("subscribe to $all by stream prefix, by type pattern, and without system events", async () => {
  await client.appendToStream("picked-1", [event(1, "chosen"), event(2, "chosen")]);
  assert.deepEqual(await first(client.subscribeToAll({ fromPosition: START, filter: streamNameFilter({ prefixes: ["picked-"] }) }), 2), [1, 2]);
  assert.deepEqual(await first(client.subscribeToAll({ fromPosition: START, filter: eventTypeFilter({ regex: "^ch(?=osen)" }) }), 2), [1, 2]);
  assert.deepEqual(await first(client.subscribeToAll({ fromPosition: START, filter: excludeSystemEvents() }), 2), [0, 0]);
});

await step("checkpoints arrive while nothing matches", async () => {
  let reached;
  const checkpoint = new Promise((resolve) => { reached = resolve; });
  const subscription = client.subscribeToAll({ fromPosition: START, filter: eventTypeFilter({
    prefixes: ["never"], maxSearchWindow: 10, checkpointInterval: 5,
    checkpointReached: async (_, position) => reached(position) }) });
  subscription.on("data", () => assert.fail("nothing matches"));
  assert.equal((await checkpoint).commit, 50n);
  await subscription.unsubscribe();
});

await step("metadata is kept and rules what is shown", async () => {
  await client.setStreamMetadata("many", { maxCount: 2 });
  assert.equal((await client.getStreamMetadata("many")).metadata.maxCount, 2);
  assert.equal((await collect(client.readStream("many"))).length, 2);
});

await step("delete, come back, tombstone", async () => {
  await client.appendToStream("short", event(0));
  await client.deleteStream("short");
  await assert.rejects(collect(client.readStream("short")), StreamNotFoundError);
  assert.equal((await client.appendToStream("short", event(1), { ...at(ANY) })).nextExpectedRevision, 1n);
  assert.deepEqual((await collect(client.readStream("short"))).map((e) => e.data.n), [1]);
  await client.tombstoneStream("short");
  await assert.rejects(collect(client.readStream("short")), StreamDeletedError);
  await assert.rejects(client.appendToStream("short", event(2)), StreamDeletedError);
});

await step("appends side by side", async () => {
  const all = await Promise.all(Array.from({ length: 200 }, (_, n) => client.appendToStream(`side-${n % 10}`, event(n))));
  assert.equal(new Set(all.map((r) => r.position.commit)).size, 200);
});

// the numbers of the first messages of a persistent subscription, until there are enough,
// each answered by answer
async function taken(subscription, enough, answer) {
  const numbers = [];
  for await (const message of subscription) {
    numbers.push(message.event.data.n);
    await answer(subscription, message);
    if (enough(numbers)) break;
  }
  await subscription.unsubscribe();
  return numbers;
}

await step("a persistent subscription to a stream: acknowledge, retry, park, replay", async () => {
  await client.appendToStream("work", [event(0), event(1), event(2)]);
  await client.createPersistentSubscriptionToStream("work", "g", persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START }));
  const open = () => client.subscribeToPersistentSubscriptionToStream("work", "g", { bufferSize: 1 });
  let tries = 0;
  assert.deepEqual(await taken(open(), (numbers) => numbers.length === 4, async (s, m) => {
    if (m.event.data.n === 1 && tries++ === 0) return s.nack("retry", "once more", m);
    if (m.event.data.n === 1) { assert.equal(m.retryCount, 1); return s.nack("park", "not now", m); }
    return s.ack(m);
  }), [0, 1, 1, 2]);
  await client.replayParkedMessagesToStream("work", "g");
  // The last answer may have been cut off with its subscription: then 2 comes once more.
  const again = await taken(open(), (numbers) => numbers.includes(1), (s, m) => s.ack(m));
  assert.deepEqual(again.filter((n) => n !== 2), [1]);
  const info = await client.getPersistentSubscriptionToStreamInfo("work", "g");
  assert.equal(info.groupName, "g");
  await client.deletePersistentSubscriptionToStream("work", "g");
});

await step("a persistent subscription to $all with a filter", async () => {
  await client.createPersistentSubscriptionToAll("g", persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START }),
    { filter: streamNameFilter({ prefixes: ["picked-"] }) });
  assert.deepEqual(await taken(client.subscribeToPersistentSubscriptionToAll("g"), (numbers) => numbers.length === 2, (s, m) => s.ack(m)), [1, 2]);
  assert.equal((await client.listAllPersistentSubscriptions()).length, 1);
});

await client.dispose();
