// Package intake is the stream of one file of reports brought in from outside,
// named by the file's digest: how much of it is in the ledger. Istilah: impor laporan.
//
// Invariants:
//
//  1. A file is its digest: the same file is the same stream, whatever its name.
//  2. Rows are stored in chunks; a chunk counts the rows stored of it, and that
//     count only grows: a row rejected once may be taken later, when what it
//     names has become known.
//  3. A file is committed when every chunk was gone through; the rows not stored
//     by then are the rejected ones.
//  4. What says nothing new is no fact: a file that is brought in again, with
//     nothing more to take from it, leaves no trace.
//
// The chunks are what a broken-off import goes on from.
package intake
