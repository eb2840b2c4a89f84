package node

import (
	"fmt"

	"google.golang.org/grpc/codes"
)

// The answers of persistent subscriptions that say no, with EventStoreDB's words
// in the trailers.

func groupRefusal(code codes.Code, exception string, key groupKey, text string) *refusal {
	return &refusal{code, text, []string{"exception", exception, "stream-name", key.stream, "group-name", key.group}}
}

func groupMissing(key groupKey) *refusal {
	return groupRefusal(codes.NotFound, "persistent-subscription-does-not-exist", key,
		fmt.Sprintf(textGroupMissing, key.group, key.stream))
}

func groupExists(key groupKey) *refusal {
	return groupRefusal(codes.AlreadyExists, "persistent-subscription-exists", key,
		fmt.Sprintf(textGroupExists, key.group, key.stream))
}

func tooManyConsumers(key groupKey) *refusal {
	return groupRefusal(codes.FailedPrecondition, "maximum-subscribers-reached", key,
		fmt.Sprintf(textTooManyConsumers, key.group, key.stream))
}

func groupDropped(key groupKey) *refusal {
	return groupRefusal(codes.Canceled, "persistent-subscription-dropped", key,
		fmt.Sprintf(textGroupDropped, key.group, key.stream))
}

func groupFailed(key groupKey, reason string) *refusal {
	r := groupRefusal(codes.Internal, "persistent-subscription-failed", key, fmt.Sprintf(textGroupFailed, key.group, key.stream, reason))
	r.trailers = append(r.trailers, "reason", reason)
	return r
}
