// Package bench measures ways of doing the same work against each other, on a
// machine that is never quite quiet.
//
// No rate measured on a shared machine is worth keeping; a ratio of two rates
// taken within seconds of each other is. So every way (a Variant) works for a
// short slice in every round, one after the other, every second round backwards,
// and what counts is the median over the rounds of a round's ratio. Beside each
// ratio stand its range, the spread of the anchor it refers to, and how busy the
// machine was: who reads a verdict sees what it is worth.
//
// The gates that use it are in the package gates below, and in cmd/jejak for
// those that need the whole product.
package bench
