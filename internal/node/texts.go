package node

// The sentences of EventStoreDB. Official clients and their users' programs look
// for them, so they are part of the protocol and stand here word for word.
const (
	textStreamDeleted   = "Event stream '%s' is deleted."
	textWrongVersion    = "Delete failed due to WrongExpectedVersion. Stream: %s, Expected version: %s, Actual version: %d"
	textTooLarge        = "Maximum Append Size of %d Exceeded."
	textMissingProperty = "Required Metadata Property '%s' is missing"
	textNotLeader       = "Leader info available"
	textNotReady        = "Server Is Not Ready"
	textBusy            = "Server Is Too Busy"
	textAborted         = "the write was rolled back, nothing of it is stored"
	textMissingPart     = "'None' is not a valid EventStore.Client.%s"
	textCombination     = "The combination of (%s, %s, %s, %s) is invalid."
	textStreamMissing   = "the stream name is missing"
	textNoUUID          = "the id is not a UUID"
	textNoService       = "Service is unimplemented."
	textThrown          = "Exception was thrown by handler."
	textInvalidPosition = "Trying to read from an invalid position."

	textGroupMissing     = "Subscription group %s on stream %s does not exist."
	textGroupExists      = "Subscription group %s on stream %s exists."
	textGroupDropped     = "Subscription group %s on stream %s was dropped."
	textGroupFailed      = "Subscription group %s on stream %s failed: '%s'"
	textTooManyConsumers = "Maximum subscriptions reached for subscription group %s on stream %s."
	textStrategyUnknown  = "Consumer strategy %s does not exist."
	textBatchOverBuffer  = "Specified argument was out of the range of valid values. (Parameter 'ReadBatchSize may not be greater than or equal to BufferSize')"
	textBufferTooSmall   = "Buffer size must be at least 1."
	textNegativeStop     = "Cannot stop replaying parked message at a negative version."
	textStartBeyondEnd   = "Invalid Start From position: commit position must be less than or equal to the last commit position in the transaction file."
	textClientNack       = "Client explicitly NAK'ed message.\n%s"
	textReachedRetries   = "Reached retry count of %d"

	// What a BadRequest of BatchAppend says.
	textBadProperty    = "The given key was not present in the dictionary."
	textBadType        = "Empty eventType provided. (Parameter 'eventType')"
	textBadID          = "Unrecognized Guid format."
	textBadStream      = "Object reference not set to an instance of an object."
	textBadExpectation = `Status(StatusCode="InvalidArgument", Detail="%s")`

	// Answers of BatchAppend name the type of their detail.
	textBatchWrongVersion = "WrongExpectedVersion"
	textBatchDeleted      = "StreamDeleted"
	textBatchTimeout      = "Timeout"
	textBatchDenied       = "AccessDenied"
	textBatchTooLarge     = "MaximumAppendSizeExceeded"
	textBatchBad          = "BadRequest"
	textBatchUnknown      = "Unknown"
)
