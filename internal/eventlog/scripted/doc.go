// Package scripted is a server for tests that says what a test tells it to say, in
// gRPC frames that it does not understand itself: answers that were recorded from a
// real EventStoreDB, statuses with trailers, connections that break without a status,
// and machines that stand still.
package scripted
