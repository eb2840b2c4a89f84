package web

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/jejak-kinerja/jejak/api/availability"
	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// view is what every part of one page may ask for.
type view struct {
	title string
	url   *url.URL
	theme string
	now   time.Time
	zone  *time.Location
	demo  bool
	// waits is how many things wait for the caller.
	waits   int64
	version string
	assets  map[string]string
	names   map[domain.PersonID]Name
	texts   map[domain.Sealed]Text
	// follow names what the page shows, for live updates; empty pages are not live.
	follow []string
	// refused is the form that was just sent and not taken, nil for none; placed says
	// that the page shows it again.
	refused *form
	placed  bool
	// store is how the event store was when the page was asked for.
	store availability.State
	// recorded is the position a redirect after a form told of; 0 when there was none.
	recorded string
}

type viewKey struct{}

func withView(ctx context.Context, v *view) context.Context {
	return context.WithValue(ctx, viewKey{}, v)
}

func viewOf(ctx context.Context) *view {
	if v, ok := ctx.Value(viewKey{}).(*view); ok {
		return v
	}
	return &view{url: &url.URL{Path: "/"}, zone: time.UTC, store: availability.State{Condition: availability.Ready}}
}

// asOf says of when the page is: while nothing new can be recorded, not of when it
// was made.
func asOf(ctx context.Context) string {
	v := viewOf(ctx)
	switch {
	case v.store.Condition == availability.Ready:
		return t(ctx, words.LiveOff, "time", words.Of(ctx).Clock(v.now, v.zone))
	case v.store.AsOf.IsZero():
		return t(ctx, words.StoreAsOfUnknown)
	}
	return t(ctx, words.StoreAsOf, "time", words.Of(ctx).Moment(v.store.AsOf, v.zone))
}

// t says a sentence in the page's language.
func t(ctx context.Context, k words.Key, pairs ...any) string { return words.Of(ctx).Say(k, pairs...) }

// label names a stored value of a kind.
func label[V ~string](ctx context.Context, family string, value V) string {
	return words.Of(ctx).Label(family, string(value))
}

// nameOf writes a person's name; people see themselves by name too.
func nameOf(ctx context.Context, id domain.PersonID) string {
	if id == "" {
		return t(ctx, words.AppSystem)
	}
	n, ok := viewOf(ctx).names[id]
	switch {
	case !ok || n.Full == "" && !n.Gone:
		return t(ctx, words.AppUnnamed)
	case n.Gone:
		return t(ctx, words.AppGoneName)
	}
	return n.Full
}

// trailHref leads to the facts behind a figure.
func trailHref(tr projections.Trail) string { return "/jejak?" + tr.Query().Encode() }

// otherLanguage is this page in the other language.
func (v *view) otherLanguage(ctx context.Context) string {
	lang := string(caller.English)
	if words.Of(ctx).English() {
		lang = string(caller.Indonesian)
	}
	return v.with("lang", lang)
}

// with is this page's address with one parameter changed.
func (v *view) with(name, value string) string {
	q := v.url.Query()
	q.Del("lang")
	q.Del("tema")
	q.Del("tercatat")
	q.Set(name, value)
	return v.url.Path + "?" + q.Encode()
}

// at says whether this page lies under a menu entry.
func (v *view) at(path string) bool {
	if path == "/" {
		return v.url.Path == "/"
	}
	return v.url.Path == path || strings.HasPrefix(v.url.Path, path+"/")
}

// idOf is the identifier inside a stream's name.
func idOf(stream string) string {
	_, id, _ := strings.Cut(stream, "-")
	return id
}
