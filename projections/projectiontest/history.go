package projectiontest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// Size of an invented city.
type Size struct {
	People, Units, Steps int
	// Indicators of the city; 0 is one.
	Indicators int
	// Pace is the time between two steps.
	Pace time.Duration
}

// town is an invented city in which things happen at random, in an order that
// deciders would allow.
type town struct {
	*Ledger
	rng        *rand.Rand
	size       Size
	reports    map[string]progress.State
	plans      map[string]plan.State
	appraisals map[string]appraisal.State
	notes      map[string]feedback.State
	posts      map[domain.PersonID]int
	ids        map[string][]string
}

// History makes the facts of an invented city; the same seed gives the same facts.
func History(t testing.TB, seed uint64, size Size) []domain.Recorded {
	t.Helper()
	c := &town{Ledger: New(t), rng: rand.New(rand.NewPCG(seed, 1)), size: size,
		reports: map[string]progress.State{}, plans: map[string]plan.State{}, appraisals: map[string]appraisal.State{},
		notes: map[string]feedback.State{}, posts: map[domain.PersonID]int{}, ids: map[string][]string{}}
	for n := range size.Units {
		id := domain.UnitID(fmt.Sprintf("u%d", n))
		c.Add("unit-"+string(id), "", unit.Established{Unit: id, Name: fmt.Sprintf("Unit %d", n), Kind: unit.Agency, From: "2020-01-01"})
	}
	for n := range max(1, size.Indicators) {
		id := domain.IndicatorID(fmt.Sprintf("i%d", n))
		c.Add("indicator-"+string(id), "", indicator.Defined{Indicator: id, Name: "Indicator", Measure: "orang", Direction: indicator.HigherIsBetter})
	}
	for n := range size.People {
		c.person(n)
	}
	for range size.Steps {
		c.step()
		c.At = c.At.Add(size.Pace)
	}
	return c.Facts
}

func (c *town) pick() domain.PersonID {
	return domain.PersonID(fmt.Sprintf("p%d", c.rng.IntN(c.size.People)))
}
func (c *town) unit() domain.UnitID {
	return domain.UnitID(fmt.Sprintf("u%d", c.rng.IntN(c.size.Units)))
}
func (c *town) day(back int) domain.Date {
	return domain.Date(c.At.Add(7*time.Hour).AddDate(0, 0, -c.rng.IntN(back+1)).Format("2006-01-02"))
}
func (c *town) boss(p domain.PersonID) domain.PersonID {
	if p == "p0" {
		return ""
	}
	return "p0"
}

// old picks a stream of the kind that exists; false when there is none.
func (c *town) old(kind string) (string, bool) {
	if len(c.ids[kind]) == 0 {
		return "", false
	}
	return c.ids[kind][c.rng.IntN(len(c.ids[kind]))], true
}

func (c *town) fresh(kind string) string {
	id := fmt.Sprintf("%s%d", kind[:1], len(c.ids[kind]))
	c.ids[kind] = append(c.ids[kind], id)
	return id
}

func (c *town) person(n int) {
	id := domain.PersonID(fmt.Sprintf("p%d", n))
	stream := "person-" + string(id)
	c.Add(stream, "", person.Registered{Person: id, Employment: person.Employments[c.rng.IntN(3)], Invented: true})
	if c.rng.IntN(10) > 0 {
		c.assign(id, c.day(90))
	}
	if boss := c.boss(id); boss != "" {
		c.Add(stream, "", person.ReportingLineSet{Superior: boss, From: "2024-01-01"})
	}
}

func (c *town) assign(id domain.PersonID, from domain.Date) {
	c.posts[id]++
	post := fmt.Sprintf("p%d", c.posts[id])
	acting := domain.Capacity("")
	if c.posts[id] > 1 && c.rng.IntN(3) == 0 {
		acting = domain.ActingVacant
	}
	c.Add("person-"+string(id), "", person.PostAssigned{Post: post, Title: "Analis", Level: person.Executive, Unit: c.unit(), Acting: acting, From: from})
}

func (c *town) step() {
	switch n := c.rng.IntN(200); {
	case n < 80:
		c.report()
	case n < 130:
		c.answer()
	case n < 160:
		c.feedback()
	case n < 178:
		c.plan()
	case n < 194:
		c.appraisal()
	case n < 197:
		c.indicator()
	default:
		c.career()
	}
}

func (c *town) career() {
	id := c.pick()
	switch stream := "person-" + string(id); c.rng.IntN(4) {
	case 0:
		c.Add(stream, "", person.Separated{LastDay: c.day(0).AddDays(c.rng.IntN(20)), Cause: person.Retired})
	case 1:
		if c.posts[id] > 0 {
			c.Add(stream, "", person.PostEnded{Post: fmt.Sprintf("p%d", c.posts[id]), LastDay: c.day(0).AddDays(c.rng.IntN(5))})
		}
	default:
		c.assign(id, c.day(0).AddDays(c.rng.IntN(15)))
	}
}
