// Package gates holds the product to its limits and its peers: append, catch-up,
// lag, rebuild and backlog, each as a ratio measured in one run. It has tests
// only, and they measure nothing unless they are asked:
//
//	GATES=G1,G2 ROUNDS=3 make bench
//
// The peers and limits stand beside the gates that use them: a node that speaks
// the protocol and stores nothing, a plain INSERT, COPY, watermill-sql with its
// own defaults, a transaction a message, and a synced write to a file. Two peers
// of the field are not here: message-db, which is an extension of PostgreSQL to
// install, and Tessera, which is a transparency log.
package gates
