// Package engine keeps the read models: it turns batches of facts into rows.
//
// What it promises. The rows that follow from a batch and the projection's
// checkpoint are written in one transaction, sent in one round trip. So a fact
// is applied exactly once however often it is delivered, and whatever fails:
//
//   - before the commit arrived: nothing is stored; the batch is delivered again;
//   - after the commit, before its answer: everything is stored; the checkpoint,
//     read again, makes the second delivery empty;
//   - a second engine on the same database: the checkpoint moves only from where
//     its writer saw it, so one of the two gets a *Moved and reads on from there.
//
// Poison. A fact that cannot be decoded, or whose Apply or SQL fails, parks its
// stream: it and the later facts of that stream wait, in order, for Replay; all
// other streams go on. That the database is out of reach is no fault of a fact:
// then nothing is parked, and the error is ErrOutage.
//
// Several processes: each reads the log, one of them writes a projection
// (lease.go), the others wait with their facts in hand until they see them
// applied. So reading one's own writes works in each, and whoever takes over
// begins at once. A lease only saves work: a holder that was frozen, and wakes when
// another has taken over, finds the checkpoint moved, and nothing of it is stored.
//
// The engine starts no goroutine. Where facts come from is given to it.
package engine
