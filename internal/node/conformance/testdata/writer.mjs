// Appends one event after the other for as long as it is let, and says each success.
const lib = await import(process.env.NODE_CLIENT);
const Client = lib.KurrentDBClient ?? lib.EventStoreDBClient;
const { jsonEvent, ANY } = lib;

const client = Client.connectionString(`esdb://${process.env.NODE_ADDRESSES}?tls=false&nodePreference=leader`);
for (let n = 0; ; n++) {
  try {
    await client.appendToStream("takeover", jsonEvent({ type: "counted", data: { n } }),
      { expectedRevision: ANY, streamState: ANY });
    console.log(`wrote ${n}`);
  } catch (error) {
    console.error(`${n}: ${error.type ?? error.name}: ${error.message}`);
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
}
