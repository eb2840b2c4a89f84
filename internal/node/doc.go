// Package node is an embedded event store node: it speaks the EventStoreDB gRPC
// protocol and keeps its log in PostgreSQL.
//
// The promise, in one line: an acknowledged event is stored durably, once, at one
// position that never changes, and every reader and subscriber meets it in order.
//
// How a write travels:
//
//	Append / BatchAppend / Delete / Tombstone
//	      │  admission, bounded in bytes
//	      ▼
//	sequencer (one goroutine, the only writer) ── decides against cached stream states,
//	      │                                      gives revisions and gapless positions
//	      ▼
//	one pipelined round trip = one transaction (group commit)
//	      │  committed
//	      ▼
//	ring (the last events, in memory) ──► subscriptions, each with its own cursor
//	      │
//	      ▼
//	acknowledgement
//
// How a read travels: straight from the table. Because transactions of the only
// writer commit one after the other, every snapshot of the table is a prefix of
// the log, and a position is a complete cursor.
//
// Positions start at 1, have no gaps, and commit equals prepare.
//
// On a listener without TLS the node behaves like an insecure EventStoreDB node:
// credentials are accepted and ignored, access control lists are kept but not
// enforced. Whoever can reach the listener can write; use a socket file of mode
// 0600 or the loopback address. With TLS it holds callers to its users and to the
// streams' access lists.
package node
