// Package bkn is what the national personnel agency's system (BKN e-Kinerja)
// reports about one civil servant: plans and predicates, as they stand there.
// They are that system's word, kept beside our own record and never in place of
// it: no predicate here is a rating of ours. Istilah: data e-Kinerja BKN.
//
// Invariants:
//
//  1. Every fact names the file it was read from, by digest.
//  2. A report that says nothing new is no fact: the same word about the same
//     plan with the same stamp is recorded once.
//  3. Nothing is replaced: a later word stands beside the earlier one. What
//     holds now is the word with the latest stamp, and among plans of several
//     posts in a year (a transfer) the one whose period ends last.
//  4. A plan in an acting post (Plt, Plh) is no main plan and counts no head.
package bkn
