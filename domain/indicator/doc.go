// Package indicator is the stream of one indicator of the organisation: what is
// measured, what is to be reached and what was reached, each for a period and
// from a named source. Istilah: indikator kinerja organisasi.
//
// Invariants:
//
//  1. An indicator is defined once, before anything else is said of it. What is
//     measured in several ways is several indicators.
//  2. At most one target and one realisation for each period. Another value is
//     a revision (target) or a correction (realisation) that names the old one.
//  3. Every number names its source.
//  4. A contradiction between sources is noted, never mended in silence.
//  5. A number only to know (OnlyContext) has no target.
package indicator
