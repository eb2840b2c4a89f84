// Package history judges an event store from outside: it keeps what writers know
// of their requests and compares it with what the store holds in the end.
//
// One vocabulary. A request is sent under a key (its Idempotency-Key) and asks for
// one event. It is acknowledged when success was answered, and unknown as long as
// nobody has heard what became of it; a repeat under the same key may still settle
// it. An event is stored when the store gives it back. Then
//
//   - every acknowledged request is stored, or it is lost;
//   - every stored event was asked for, or a stranger stands in the log;
//   - every key is stored at most once, or it is doubled;
//   - an event stands where its acknowledgement said, or it has moved;
//   - a request that was sent after another was acknowledged stands after it, or
//     the two are reordered;
//   - positions count from 1 and the revisions of a stream from 0 without a gap.
//
// A history is written to a file as it happens, one JSON object a line, and can be
// judged again later by who has only the file:
//
//	{"format":1,"seed":7,"name":"TestX"}     first, and once
//	{"sent":"key"}                           before the request leaves
//	{"acknowledged":"key","position":12}     after success was answered; the position may be missing
//	{"note":"postgres killed"}               what else happened
//	{"holds":2,"foreign":1}                  the store holds 2 events, listed next; others wrote up to position 1
//	{"stored":"key","position":2,"revision":0,"stream":"progress-1"}
//
// A file without "holds", or with fewer events than it promises, was cut off.
package history
