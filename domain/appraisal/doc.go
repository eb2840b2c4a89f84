// Package appraisal is the stream of one appraisal: what was reached, how it is
// judged and what follows from that. Istilah: evaluasi kinerja pegawai.
//
// Invariants:
//
//  1. Nobody appraises themselves, and nobody changes their own score.
//  2. Results are rated only when every main result of the plan has a realisation,
//     and each realisation rests on at least one report or says why on none.
//  3. Behaviour is rated on all seven values, each exactly once, and on the whole.
//  4. The predicate is PredicateOf the two ratings and is never set otherwise.
//  5. A rating once given is replaced only by a change of score that names the old
//     rating, a reason and an authority: the appraiser before the appraisal is
//     delivered, after that only the appraiser's superior.
//  6. Only an appraisal with a predicate is delivered, and only by its appraiser;
//     only the person receives it.
package appraisal
