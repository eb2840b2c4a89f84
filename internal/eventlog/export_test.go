package eventlog

// EncodeMeta makes the stored form of what is told with an event.
var EncodeMeta = encodeMeta
