package node

import (
	"fmt"

	"google.golang.org/grpc/codes"
)

// The answers of persistent subscriptions that say no, with EventStoreDB's words
// in the trailers.

func groupRefusal(code codes.Code, exception string, key groupKey, text string) *refusal {
	return &refusal{code, text, []string{"exception", exception, "stream-name", key.stream, "group-name", key.group, "reason", text}}
}

func groupMissing(key groupKey) *refusal {
	return groupRefusal(codes.NotFound, "persistent-subscription-does-not-exist", key,
		fmt.Sprintf("there is no persistent subscription %q on stream %q", key.group, key.stream))
}

func groupExists(key groupKey) *refusal {
	return groupRefusal(codes.AlreadyExists, "persistent-subscription-exists", key,
		fmt.Sprintf("there is a persistent subscription %q on stream %q already", key.group, key.stream))
}

func tooManyConsumers(key groupKey, limit int32) *refusal {
	return groupRefusal(codes.FailedPrecondition, "maximum-subscribers-reached", key,
		fmt.Sprintf("persistent subscription %q on stream %q has its %d consumers", key.group, key.stream, limit))
}

func groupDropped(key groupKey, reason string) *refusal {
	return groupRefusal(codes.Canceled, "persistent-subscription-dropped", key,
		fmt.Sprintf("persistent subscription %q on stream %q was dropped: %s", key.group, key.stream, reason))
}

func groupFailed(key groupKey, reason string) *refusal {
	return groupRefusal(codes.Internal, "persistent-subscription-failed", key, reason)
}
