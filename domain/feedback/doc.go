// Package feedback is the stream of one piece of feedback and the words that
// follow it. Istilah: umpan balik berkelanjutan.
//
// Invariants:
//
//  1. Nobody gives feedback to themselves.
//  2. Only the two of them speak in the thread, either side as often as they like
//     within MaxReplies.
//  3. Who answers has read: a reply or a dispute by the person is preceded by Read.
//  4. The person may dispute it once; it stays in the record beside the dispute.
package feedback
