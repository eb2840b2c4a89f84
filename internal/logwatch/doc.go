// Package logwatch knows whether the event store holds the log that the database
// belongs to.
//
// The database knows its log by marks: the place and the id of the first event of
// the ledger, and at the checkpoint of every read model the id of the event there.
// While the log has these events at these places, it is the log that the read
// models were made of, or a later state of it. Otherwise it was put back to an
// earlier state, emptied, or is another ledger's, and nobody may write to it until
// somebody has decided.
//
// The watch also reads what is new in the log for what outsiders did to streams of
// the ledger: cut or deleted them, or wrote events there that are no facts.
package logwatch
