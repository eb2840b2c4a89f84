// Package unit is the stream of one organisation unit: its name, its place in
// the city and who leads it on which day. Istilah: perangkat daerah, unit kerja.
//
// Invariants:
//
//  1. A unit is established once, before anything else is said of it.
//  2. No unit is its own parent.
//  3. At most one definitive head on any day: an appointment replaces the head
//     so far and ends the mandate of whoever acted for the vacant post (plt).
//  4. An acting head acts as plt (post vacant) or plh (holder absent), and leads
//     before the definitive head while the mandate lasts.
//  5. A closed unit accepts nothing.
package unit
