package problem

import (
	"net/http"

	"github.com/jejak-kinerja/jejak/domain"
)

// statuses is the one table from a kind of refusal to HTTP. What has no kind is
// our own fault, and 500.
var statuses = map[domain.Kind]int{
	domain.Invalid:         http.StatusBadRequest,
	domain.Unauthenticated: http.StatusUnauthorized,
	domain.Forbidden:       http.StatusForbidden,
	domain.NotFound:        http.StatusNotFound,
	domain.Conflict:        http.StatusConflict,
	domain.Stale:           http.StatusPreconditionFailed,
	domain.Refused:         http.StatusUnprocessableEntity,
	domain.Unavailable:     http.StatusServiceUnavailable,
}

// StatusOf gives the HTTP status of a kind, 500 for none.
func StatusOf(k domain.Kind) int {
	if status, ok := statuses[k]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// retryAfterSeconds is what we ask of a caller while something is away: a
// restart of the database or of the event store takes about that long.
const retryAfterSeconds = "5"
