// Package feed gives the whole log to programs, event by event, as it grows:
// GET /v1/events, as Server-Sent Events or as batches with long poll, each event
// a CloudEvent of specification 1.0 without any text or name of a person.
//
// What a reader may rely on:
//
//   - Events come in the order of the log, none left out and none twice. The id
//     of each is its position (position@log, once the ledger has another log than its
//     first); resume with Last-Event-ID or ?after=. When the ledger
//     has moved to another event store, positions are others: go on with
//     ?after_event= and the CloudEvents id of the last event, which stays.
//   - "caught-up" says that the end of the log was reached; what follows is live.
//   - A live reader that falls 64 events behind is cut, and resumes where it was:
//     one slow reader never costs memory, and a burst is read from the log in
//     pages. A reader that takes nothing for 10 s is cut too, and each connection
//     ends after an hour, so that a revoked token does not read on.
//   - A position is one of a log, which the header Jejak-Log names. When the log was
//     put back or exchanged, a position that it does not have is 409, and a stream
//     hears "log-changed" and the end (place.go).
//   - Unknown types and unknown members are to be ignored: new ones may come any day.
//   - The filters type, stream, category and unit narrow what is sent. unit takes
//     the facts that name the unit themselves; facts further on in a stream (an
//     acknowledgement) do not, so follow their subject.
package feed
