package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// Options of a demonstration.
type Options struct {
	// People to invent, at least MinPeople.
	People int
	// Seed of the dice; the same seed gives the same city.
	Seed uint64
	// Now is the moment up to which people have worked.
	Now time.Time
	// Workers act at once; 32 when 0.
	Workers int
}

// Progress hears how many of total things are done.
type Progress func(done, total int, what string)

// DefaultPeople is a city of Sabang's size.
const DefaultPeople = 2500

// defaultWorkers keep two cores and the event store's group commit busy: most of
// an act is waiting for a commit that others share.
const defaultWorkers = 32

// city is the demonstration while it is made.
type city struct {
	office  commands.Office
	options Options
	members []member
	plans   []domain.PlanID // by member, once opened
	done    atomic.Int64
	report  Progress
}

// Seed invents the city, first one line of each kind of user, then everybody
// else. The units must be in the ledger. What is there already from an earlier
// run with the same seed is found again and changes nothing.
func Seed(ctx context.Context, office *commands.Office, o Options, report Progress) error {
	if o.People < MinPeople {
		return domain.Bad("people", "people-too-few", "a demonstration needs at least %d people", MinPeople)
	}
	if o.Workers <= 0 {
		o.Workers = defaultWorkers
	}
	c := &city{office: *office, options: o, members: organisation(o.Seed, o.People), report: report}
	c.office.Bootstrap = true
	c.plans = make([]domain.PlanID, len(c.members))
	if err := c.settleNow(ctx); err != nil {
		return err
	}
	first := len(core())
	for _, part := range [][]member{c.members[:first], c.members[first:]} {
		if err := c.populate(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// settleNow makes the moment of the first run that of every later one: the
// store's own time of the first enrolment. So a run that was broken off, or one
// on another day, plays the very same year.
func (c *city) settleNow(ctx context.Context) error {
	first := c.members[0]
	stream := person.Decider.Stream(string(first.id))
	history, err := c.office.Store.Load(ctx, stream)
	if err == nil && len(history) == 0 {
		if err = c.enrol(ctx, first); err == nil {
			history, err = c.office.Store.Load(ctx, stream)
		}
	}
	if err != nil {
		return fmt.Errorf("begin the demonstration: %w", err)
	}
	c.options.Now = history[0].StoredAt
	return nil
}

// populate brings a part of the people to life: all are enrolled, then units get
// their heads, then plans are opened (others link to them), then everybody works.
func (c *city) populate(ctx context.Context, part []member) error {
	for _, step := range []func(context.Context, member) error{c.enrol, c.lead, c.openPlan, c.live} {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(c.options.Workers)
		for _, m := range part {
			group.Go(func() error { return step(ctx, m) })
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// at gives the office at a past moment.
func (c *city) at(t time.Time) *commands.Office {
	office := c.office
	office.Clock = clock.Fixed(t.UTC().Truncate(time.Microsecond))
	return &office
}

// past says whether a moment has come; nobody works in the future.
func (c *city) past(t time.Time) bool { return !t.After(c.options.Now) }

// ask makes the envelope of one act; its key tells the seed, the person and the act.
func (c *city) ask(actor domain.PersonID, parts ...any) commands.Ask {
	key := []string{"demo", fmt.Sprint(c.options.Seed)}
	for _, p := range parts {
		key = append(key, fmt.Sprint(p))
	}
	a := commands.Ask{Key: domain.CommandID(strings.Join(key, "-")), Actor: actor, Source: domain.FromDemo}
	if actor == "" {
		a.Capacity = domain.System
	}
	return a
}

// life is one person's year.
type life struct {
	*city
	member
	rng      *rand.Rand
	superior domain.PersonID // empty for the topmost
	plan     domain.PlanID
	results  []result
	reports  []written
}

// live plays one person's year.
func (c *city) live(ctx context.Context, m member) error {
	l := &life{city: c, member: m, rng: rngOf(c.options.Seed, m.index), plan: c.plans[m.index]}
	if m.superior != none {
		l.superior = c.members[m.superior].id
	}
	for _, chapter := range []struct {
		name string
		play func(context.Context) error
	}{{"plan", l.agree}, {"reports", l.work}, {"feedback", l.hear}, {"appraisals", l.judged}} {
		if err := chapter.play(ctx); err != nil {
			return fmt.Errorf("%s of invented person %d: %w", chapter.name, m.index, err)
		}
	}
	c.report(int(c.done.Add(1)), len(c.members), "orang rekaan")
	return nil
}

// chance is true in percent of a hundred cases.
func (l *life) chance(percent int) bool { return l.rng.IntN(100) < percent }
