// Package progress is the stream of one report: what a person did on a day, and
// what the superior says to it. Istilah: laporan progres, progres harian.
//
// Invariants:
//
//  1. Nobody reports for somebody else, and nobody acknowledges or questions
//     their own report.
//  2. A report is never blocked by wrong master data: without a superior on file
//     it is taken down and waits.
//  3. A day in the future is not reported. An old day needs a reason, and a very
//     old one is refused; how old is policy.
//  4. Only the author corrects, answers and withdraws. A correction is version
//     n+1 with a reason; an acknowledged report must then be acknowledged again.
//  5. A question waits for its answer before the report can be acknowledged.
//  6. A withdrawn report stays in the record and takes no more facts.
package progress
