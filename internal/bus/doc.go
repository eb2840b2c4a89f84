// Package bus carries the facts of the log to their handlers over Watermill, and
// is the only room that knows that library.
//
// A batch of facts travels as one message: its payload is a small header, the
// decoded facts are in the message's context. For each handler there is one
// message on the way at a time, because Watermill's Router starts a goroutine for
// each message and two of them would race. So a handler sees the facts in the
// order of the log, none left out, at least once.
//
// A handler that fails is not acknowledged: after a pause it starts again from its
// own checkpoint, which it alone knows.
//
// The log is read and decoded once for all handlers (window.go). A handler that
// lags behind the window reads the log for itself until it is back.
package bus
