package gates

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/bench"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	"github.com/jejak-kinerja/jejak/projections/catalog"
	"github.com/jejak-kinerja/jejak/projections/cityhome"
	"github.com/jejak-kinerja/jejak/projections/directory"
	"github.com/jejak-kinerja/jejak/projections/personpage"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
	"github.com/jejak-kinerja/jejak/projections/unitpage"
)

const (
	selectOne  = "select 1"
	cityPeople = 2_500
	cityUnits  = 60
	// cityIndicators are what a city's plan names as its own; each has five years.
	cityIndicators = 24
	// smallShare of EVENTS is the small history that the large one is held against.
	smallShare = 10
)

// city has every read model of the product filled from an invented history of so
// many steps, as autovacuum leaves it.
type city struct {
	pool   *pgxpool.Pool
	facts  int
	today  domain.Date
	random *rand.Rand
}

func newCity(t testing.TB, c *cluster, steps int) *city {
	t.Helper()
	facts := projectiontest.History(t, 9, projectiontest.Size{People: cityPeople, Units: cityUnits, Indicators: cityIndicators, Steps: steps, Pace: 400 * 24 * time.Hour / time.Duration(steps)})
	pool := projectiontest.Open(t, c.database(), catalog.All()...)
	if err := bench.MustBeDurable(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	projectiontest.Apply(t, pool, facts, catalog.All()...)
	if _, err := pool.Exec(t.Context(), "vacuum analyze"); err != nil {
		t.Fatal(err)
	}
	return &city{pool: pool, facts: len(facts), today: domain.Date(facts[len(facts)-1].StoredAt.Format("2006-01-02")), random: rand.New(rand.NewPCG(1, 2))}
}

func (c *city) person() domain.PersonID {
	return domain.PersonID(fmt.Sprintf("p%d", 1+c.random.IntN(cityPeople-1)))
}
func (c *city) unit() domain.UnitID {
	return domain.UnitID(fmt.Sprintf("u%d", c.random.IntN(cityUnits)))
}

// asking is the variant in which one caller asks one question after the other, on
// one connection.
func asking(t testing.TB, name string, c *city, ask func(ctx context.Context, q projections.Querier) error) bench.Variant {
	t.Helper()
	conn, err := c.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Release)
	return bench.Calls(name, 1, func(ctx context.Context, _ int) (int, error) { return 1, ask(ctx, conn) })
}

func selectingOne(t testing.TB, c *city) bench.Variant {
	return asking(t, selectOne, c, func(ctx context.Context, q projections.Querier) error {
		var one int
		return q.QueryRow(ctx, "select 1").Scan(&one)
	})
}

// question is one that a page asks.
type question struct {
	name string
	ask  func(ctx context.Context, c *city, q projections.Querier) error
}

var questions = []question{
	{"a person", func(ctx context.Context, c *city, q projections.Querier) error {
		_, err := directory.FindPerson(ctx, q, c.today, c.person())
		return err
	}},
	{"a person's newest reports", func(ctx context.Context, c *city, q projections.Querier) error {
		_, err := personpage.Reports(ctx, q, c.person(), projections.Page{Limit: 20})
		return err
	}},
	{"a unit's staff", func(ctx context.Context, c *city, q projections.Querier) error {
		_, err := directory.Staff(ctx, q, c.today, c.unit(), projections.Page{})
		return err
	}},
	{"a unit's 12 weeks", func(ctx context.Context, c *city, q projections.Querier) error {
		_, err := unitpage.Weeks(ctx, q, c.unit(), c.today, 12)
		return err
	}},
	{"the city's indicators", func(ctx context.Context, c *city, q projections.Querier) error {
		_, err := cityhome.Indicators(ctx, q)
		return err
	}},
}

func TestGateQueries(t *testing.T) {
	setup := bench.Asked(t, "G11")
	cl := newCluster(t)
	small, large := newCity(t, cl, setup.Events/smallShare), newCity(t, cl, setup.Events)
	t.Logf("%d and %d facts", small.facts, large.facts)
	variants := []bench.Variant{selectingOne(t, large)}
	p99 := bench.Quantile(0.99)
	var checks []bench.Check
	for _, q := range questions {
		few, many := q.name+", a tenth of the facts", q.name
		variants = append(variants,
			asking(t, few, small, func(ctx context.Context, on projections.Querier) error { return q.ask(ctx, small, on) }),
			asking(t, many, large, func(ctx context.Context, on projections.Querier) error { return q.ask(ctx, large, on) }))
		checks = append(checks,
			bench.Check{Of: many, To: selectOne, Metric: p99, Pooled: true, Gate: bench.Gate{
				ID: "G11", What: q.name + ", p99 over select 1's", Must: bench.AtMost(3), Target: bench.AtMost(2)}},
			bench.Check{Of: many, To: few, Metric: p99, Pooled: true, Gate: bench.Gate{
				ID: "G11", What: q.name + ", p99 over that with a tenth of the facts", Must: bench.AtMost(2)}})
	}
	plan := bench.Plan{Meter: cl.meter(), Variants: variants}
	setup.Measure(t, plan, checks...)
}

// weeksFromReports counts what cityhome keeps as sums.
const weeksFromReports = `select date_trunc('week', on_day::date) as week, unit, count(*), sum(quantity)
	from personpage_v1_report where on_day >= $1 group by 1, 2 order by 1, 2`

func TestGateOverview(t *testing.T) {
	setup := bench.Asked(t, "G12")
	const overviewName, rawName = "the city's 104 weeks", "the same, counted from the reports"
	cl := newCluster(t)
	c := newCity(t, cl, setup.Events)
	plan := bench.Plan{Meter: cl.meter(), Variants: []bench.Variant{
		selectingOne(t, c),
		asking(t, overviewName, c, func(ctx context.Context, q projections.Querier) error {
			_, err := cityhome.Weeks(ctx, q, "", c.today, cityhome.MaxWeeks)
			return err
		}),
		asking(t, rawName, c, func(ctx context.Context, q projections.Querier) error {
			rows, err := q.Query(ctx, weeksFromReports, c.today.AddDays(-7*cityhome.MaxWeeks))
			if err != nil {
				return err
			}
			for rows.Next() { //nolint:revive // only counted
			}
			return rows.Err()
		}),
	}}
	setup.Measure(t, plan,
		bench.Check{Of: overviewName, To: rawName, Metric: bench.Quantile(0.5), Gate: bench.Gate{
			ID: "G12", What: "overview, p50 over counting the reports", Must: bench.AtMost(0.3)}},
		bench.Check{Of: overviewName, To: selectOne, Metric: bench.Quantile(0.5), Gate: bench.Gate{
			ID: "G12", What: "overview, p50 over select 1's", Target: bench.AtMost(3)}})
}

// plainTrail is the layout that the audit trail is held against: whole events in
// the order of the log, with an index on the person.
const plainTrail = `create table trail as select position, stream, revision, event, name, recorded_at, actor, subject, body from audittrail_v3_fact order by position;
	alter table trail add primary key (position); create index on trail (subject, position)`

func TestGateAuditOfOnePerson(t *testing.T) {
	setup := bench.Asked(t, "G14")
	const (
		newestName, newestPlain = "newest 50 of a person", "newest 50, rows in append order"
		wholeName, wholePlain   = "whole history of a person", "whole history, rows in append order"
	)
	cl := newCluster(t)
	c := newCity(t, cl, setup.Events)
	for _, sql := range []string{plainTrail, "vacuum analyze trail"} {
		if _, err := c.pool.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Fatal(err)
		}
	}
	plain := func(limit int) func(ctx context.Context, q projections.Querier) error {
		return func(ctx context.Context, q projections.Querier) error {
			rows, err := q.Query(ctx, `select position, stream, revision, event, name, recorded_at, actor, body from trail
				where subject = $1 order by position desc limit $2`, c.person(), limit)
			if err != nil {
				return err
			}
			for rows.Next() {
				if _, err := rows.Values(); err != nil {
					return err
				}
			}
			return rows.Err()
		}
	}
	const all = 1_000_000
	plan := bench.Plan{Meter: cl.meter(), Variants: []bench.Variant{
		selectingOne(t, c),
		asking(t, newestName, c, func(ctx context.Context, q projections.Querier) error {
			_, err := audittrail.Timeline(ctx, q, c.person(), nil, projections.Page{Limit: 50})
			return err
		}),
		asking(t, newestPlain, c, plain(50)),
		asking(t, wholeName, c, func(ctx context.Context, q projections.Querier) error {
			page, who := projections.Page{Limit: projections.MaxPageRows}, c.person()
			for {
				rows, err := audittrail.Timeline(ctx, q, who, nil, page)
				if err != nil || rows.Next == "" {
					return err
				}
				page.Cursor = rows.Next
			}
		}),
		asking(t, wholePlain, c, plain(all)),
	}}
	p50 := bench.Quantile(0.5)
	setup.Measure(t, plan,
		bench.Check{Of: newestName, To: newestPlain, Metric: p50, Gate: bench.Gate{
			ID: "G14", What: "newest page of a person, p50 over the append-order layout's", Must: bench.AtMost(0.45), Target: bench.AtMost(0.3)}},
		bench.Check{Of: wholeName, To: wholePlain, Metric: p50, Gate: bench.Gate{
			ID: "G14", What: "whole history of a person, p50 over the append-order layout's", Must: bench.AtMost(0.15), Target: bench.AtMost(0.1)}})
	for _, size := range []struct{ what, table string }{
		{"size of the blocks over the append-order layout's", "audittrail_v3_block"},
		{"size of the trail with all its indexes over the append-order layout's", "audittrail_v3_fact"},
	} {
		var part float64
		if err := c.pool.QueryRow(t.Context(), `select pg_total_relation_size($1::text::regclass)::float8 / pg_total_relation_size('trail')`, size.table).Scan(&part); err != nil {
			t.Fatal(err)
		}
		setup.Tell(t, bench.Gate{ID: "G14", What: size.what, Must: bench.AtMost(0.7), Target: bench.AtMost(0.55)}, part)
	}
}
