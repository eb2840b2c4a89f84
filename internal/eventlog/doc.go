// Package eventlog is the ledger's event store: it speaks to an EventStoreDB
// node or cluster, or to the embedded node, and is the only room that knows the
// client library.
//
// What it stores: the type of an event is its stored name (domain/catalog), the
// data its canonical body, the user metadata the canonical form of domain.Meta.
// Both are RFC 8785, so the bytes of an event line can be made again anywhere
// and hashed (EventLine).
//
// What it promises: Load and Append keep the promise of commands.Store. ReadAll
// and Subscribe give the events of the ledger in the order of the log, none left
// out and none twice; system events ("$…") are passed over. An event that cannot
// be read is handed over with its error, never skipped.
//
// Positions: Position is the commit position, which for events equals the prepare
// position on every server that has been met. On the embedded node it is the number
// of the event in the log, without gaps; on EventStoreDB and KurrentDB a byte offset:
// positions can be compared, but not subtracted. Only checkpoints of subscriptions
// may have another prepare position, or be no place at all; they never decide which
// events are new. A position that is none of the log is ErrNotAPlace.
//
// Whom it asks: the node that leads, see docs/adr/0016. Elections, restarts and
// nodes that stand still are ridden out within one call, as far as its limit goes.
//
// The library has defects that a long-lived service meets; gate.go and call.go
// fence them, and say which.
package eventlog
