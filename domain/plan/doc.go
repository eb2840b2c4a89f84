// Package plan is the stream of one plan: what one person is to reach in one post
// and period, and who put their name to it. Istilah: sasaran kinerja pegawai (SKP).
//
// Invariants:
//
//  1. Nobody appraises their own plan. A plan without an appraiser may be written
//     and submitted; only the appraiser's signature waits.
//  2. Only the employee writes, submits and signs as employee; only the plan's
//     appraiser returns and signs as appraiser.
//  3. What is submitted has at least one main result, and every main result has
//     at least one indicator.
//  4. A plan is established when, and only when, both signed the same content.
//  5. Any change of content voids both signatures and makes the plan a draft again.
//  6. Withdrawing a signature from an established plan opens a draft of version
//     n+1; version n stays valid until n+1 is established.
//  7. Staff plans measure by aspect, leaders' plans by perspective.
//  8. Nothing happens to a plan after it was closed.
package plan
