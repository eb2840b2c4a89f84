package web

import (
	"context"
	"log/slog"
	"time"

	"github.com/jejak-kinerja/jejak/api/availability"
	"github.com/jejak-kinerja/jejak/api/session"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/projections"
)

// Deps is what the pages need from the rest of the house.
type Deps struct {
	Office *commands.Office
	// Lookup looks into a read model: pages never ask the event store.
	Lookup commands.Lookup
	// Read asks the read models; its search path is their schema.
	Read projections.Querier
	// Names and Texts reveal what facts only point to; who or what was never kept is left out.
	Names func(context.Context, []domain.PersonID) (map[domain.PersonID]Name, error)
	Texts func(context.Context, []domain.Sealed) (map[domain.Sealed]Text, error)
	// File opens a file of evidence.
	File func(context.Context, domain.Sealed) (File, error)
	// LogStreams gives every fact of one stream from the event store itself, for a receipt
	// that the read models do not have yet.
	LogStreams commands.Streams
	// Await waits until the read models have seen a position; it gives the context's
	// error when they do not in time.
	Await func(ctx context.Context, position uint64) error
	// Changes tells of commits of the read models until ctx ends, then closes.
	Changes func(ctx context.Context) <-chan Change
	// Operations tells how the read models fare.
	Operations func(ctx context.Context) (Operations, error)
	// Availability tells how the event store is; nil for always ready.
	Availability func() availability.State
	Sessions     *session.Sessions
	Clock        clock.Clock
	// Zone is the office's time zone.
	Zone *time.Location
	// DemoLogin lets anybody sign in as an invented person.
	DemoLogin bool
	Version   string
	Log       *slog.Logger
	// Streams counts the live pages; nil counts none.
	Streams Streams
	// Closing is closed when the program ends: live pages are told to come back. nil
	// never is.
	Closing <-chan struct{}
}

// Streams hears of live pages that open and close, and of those cut for being slow.
type Streams interface {
	Opened()
	Closed()
	Cut()
}

// Name is who a person is.
type Name struct {
	Full string
	NIP  string
	// Gone says that the identity was removed by the retention schedule.
	Gone bool
}

// Text is a sealed text as it reads now.
type Text struct {
	Plain string
	// Gone says that its key was destroyed by the retention schedule.
	Gone bool
	// Lost says that the vault cannot give it, though the ledger names it.
	Lost bool
}

// File is a file of evidence. Gone says that its key was destroyed, Lost that the
// vault does not hold it.
type File struct {
	MediaType string
	Content   []byte
	Gone      bool
	Lost      bool
}

// Change says that read models have moved: which one, to which position, by facts
// of which streams. Many says that it may have been any stream.
type Change struct {
	Projection string
	To         uint64
	Streams    []string
	Many       bool
}

// Site serves the pages.
type Site struct {
	Deps
	assets assets
	live   listeners
}

// New prepares the pages.
func New(d Deps) (*Site, error) {
	a, err := loadAssets()
	if err != nil {
		return nil, err
	}
	if d.Availability == nil {
		d.Availability = func() availability.State { return availability.State{Condition: availability.Ready} }
	}
	if d.Streams == nil {
		d.Streams = uncounted{}
	}
	return &Site{Deps: d, assets: a}, nil
}

type uncounted struct{}

func (uncounted) Opened() {}
func (uncounted) Closed() {}
func (uncounted) Cut()    {}

// today is the office's calendar day.
func (s *Site) today() domain.Date { return domain.DateOf(s.Clock(), s.Zone) }

// awaitTime bounds how long a redirect waits for the read models: two seconds,
// after which the page says that the lists will follow.
const awaitTime = 2 * time.Second

// settled waits for a position and says whether the read models have reached it.
func (s *Site) settled(ctx context.Context, position uint64) bool {
	if position == 0 {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, awaitTime)
	defer cancel()
	return s.Await(ctx, position) == nil
}
