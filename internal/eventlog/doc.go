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
// Positions: Position is the commit position. On the embedded node it is the
// number of the event in the log, without gaps. On a KurrentDB cluster it is a
// byte offset, and several events of one append may share it; a reader that
// stops between them would meet the rest twice or not at all. So on a cluster a
// checkpoint is exact only between appends, and Subscribe and ReadAll rely on
// the embedded node's rule: commit equals prepare.
//
// The library has defects that a long-lived service meets; gate.go and call.go
// fence them, and say which.
package eventlog
