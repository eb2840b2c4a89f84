package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
)

// statuses gives every kind of refusal its HTTP status.
var statuses = map[domain.Kind]int{
	domain.Invalid: http.StatusBadRequest, domain.Unauthenticated: http.StatusUnauthorized, domain.Forbidden: http.StatusForbidden,
	domain.NotFound: http.StatusNotFound, domain.Conflict: http.StatusConflict, domain.Stale: http.StatusPreconditionFailed,
	domain.Refused: http.StatusUnprocessableEntity, domain.Unavailable: http.StatusServiceUnavailable,
}

// retrySeconds is what a page asks for when something is away: a restart takes less.
const retrySeconds = "5"

// fault shows a refusal or a failure as a page; a failure is logged here, where it stops.
func (s *Site) fault(w http.ResponseWriter, r *http.Request, err error) {
	ctx := r.Context()
	if errors.Is(err, context.Canceled) {
		return
	}
	status, sentence := http.StatusInternalServerError, words.Of(ctx).Kind(0)
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		status, sentence = http.StatusRequestEntityTooLarge, words.Of(ctx).Refusal(&domain.Error{Slug: "file-too-large"})
		s.Log.InfoContext(ctx, "body too large", slog.Int64("limit", tooLarge.Limit))
	} else if away := problem.Outage(err); away != nil {
		status, sentence = statuses[away.Kind], words.Of(ctx).Refusal(away)
		s.Log.WarnContext(ctx, "database away", slog.String("path", r.URL.Path), slog.Any("error", err))
	} else if refusal, ok := errors.AsType[*domain.Error](err); ok {
		status, sentence = statuses[refusal.Kind], words.Of(ctx).Refusal(refusal)
	} else {
		s.Log.ErrorContext(ctx, "page failed", slog.String("path", r.URL.Path), slog.Any("error", err))
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retrySeconds)
	}
	v := viewOf(ctx)
	v.title = t(ctx, faultTitle(status))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := frame(faultPage(status, sentence)).Render(ctx, w); err != nil {
		s.Log.InfoContext(ctx, "fault page not sent", slog.Any("error", err))
	}
}

func faultTitle(status int) words.Key { return words.Key("fault.title-" + strconv.Itoa(status)) }
func faultDo(status int) words.Key    { return words.Key("fault.do-" + strconv.Itoa(status)) }
