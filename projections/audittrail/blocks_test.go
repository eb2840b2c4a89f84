package audittrail_test

import (
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

// fewPeople have several blocks each.
func fewPeople(t *testing.T) []domain.Recorded {
	t.Helper()
	return projectiontest.History(t, 21, projectiontest.Size{People: 4, Units: 2, Steps: 1_500, Pace: time.Hour})
}

func fill(t *testing.T, batches ...[]domain.Recorded) *pgxpool.Pool {
	t.Helper()
	pool := projectiontest.Open(t, pgtest.URL(t), audittrail.Projection())
	for _, facts := range batches {
		projectiontest.Apply(t, pool, facts, audittrail.Projection())
	}
	return pool
}

func content(t *testing.T, pool *pgxpool.Pool) string {
	t.Helper()
	return projectiontest.Content(t, pool, audittrail.Projection())
}

func blocks(t *testing.T, pool *pgxpool.Pool) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), `select count(*) from audittrail_v3_block`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestBlocksFollowFromTheLogAlone(t *testing.T) {
	facts := fewPeople(t)
	whole := fill(t, facts)
	if n := blocks(t, whole); n < 30 {
		t.Fatalf("%d blocks are too few for this test", n)
	}
	var byOnes, bySome [][]domain.Recorded
	for part := range slices.Chunk(facts, 1) {
		byOnes = append(byOnes, part)
	}
	for part := range slices.Chunk(facts, 97) {
		bySome = append(bySome, part)
	}
	want := content(t, whole)
	if content(t, fill(t, byOnes...)) != want {
		t.Error("one fact at a time gives other blocks than all at once")
	}
	if content(t, fill(t, bySome...)) != want {
		t.Error("97 facts at a time give other blocks than all at once")
	}
	if content(t, fill(t, facts, facts)) != want {
		t.Error("facts that come again change something")
	}
}

// A stream that was parked is replayed after facts that come after its own.
func TestAFactThatComesLateTakesItsPlaceInTheBlocks(t *testing.T) {
	facts := fewPeople(t)
	want := content(t, fill(t, facts))
	for _, late := range []int{20, len(facts) / 2, len(facts) - 3} {
		stream := facts[late].Stream
		var parked, others []domain.Recorded
		for _, f := range facts {
			if f.Stream == stream {
				parked = append(parked, f)
			} else {
				others = append(others, f)
			}
		}
		pool := fill(t, others)
		for _, f := range parked {
			projectiontest.Apply(t, pool, []domain.Recorded{f}, audittrail.Projection())
		}
		if content(t, pool) != want {
			t.Errorf("%s, %d facts come late, leaves another trail", stream, len(parked))
		}
	}
}

func TestEveryPageOfATimelineIsRightWhateverItsSize(t *testing.T) {
	pool := fill(t, fewPeople(t))
	for _, who := range []domain.PersonID{"p0", "p1", "p2", "p3"} {
		var want []audittrail.Entry
		for page := (projections.Page{Limit: 200}); ; {
			rows, err := audittrail.List(t.Context(), pool, projections.Trail{Subject: who}, audittrail.NewestFirst, page)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, rows.Items...)
			if page.Cursor = rows.Next; page.Cursor == "" {
				break
			}
		}
		for _, limit := range []int{1, 5, 15, 16, 17, 31, 32, 33, 50, 200} {
			var got []audittrail.Entry
			for page := (projections.Page{Limit: limit}); ; {
				rows, err := audittrail.Timeline(t.Context(), pool, who, nil, page)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, rows.Items...)
				if len(rows.Items) != limit && rows.Next != "" {
					t.Fatalf("%s: a page of %d holds %d", who, limit, len(rows.Items))
				}
				if page.Cursor = rows.Next; page.Cursor == "" {
					break
				}
			}
			if !slices.EqualFunc(got, want, same) {
				t.Errorf("%s by pages of %d: %d facts, the trail has %d, or others", who, limit, len(got), len(want))
			}
		}
	}
}

func same(a, b audittrail.Entry) bool {
	body := string(a.Body) == string(b.Body)
	a.Body, b.Body = nil, nil
	return body && a.Position == b.Position && a.Event == b.Event && a.Stream == b.Stream && a.RecordedAt.Equal(b.RecordedAt) &&
		a.Subject == b.Subject && a.Period == b.Period && a.Salt == b.Salt
}

// A block begins with the first fact: no place before it is lost when somebody has
// exactly as many facts as fit.
func TestAPersonWithExactlyOneBlock(t *testing.T) {
	l := projectiontest.New(t)
	l.Add("person-ani", "", person.Registered{Person: "ani"})
	for range 15 {
		l.Add("person-ani", "", person.RoleGranted{Role: "admin"})
	}
	pool := fill(t, l.Facts)
	if n := blocks(t, pool); n != 1 {
		t.Fatalf("%d blocks, want 1", n)
	}
	rows, err := audittrail.Timeline(t.Context(), pool, "ani", nil, projections.Page{Limit: 100})
	if err != nil || len(rows.Items) != 16 || rows.Items[0].Position != 16 || rows.Items[15].Position != 1 {
		t.Errorf("%d facts, %v", len(rows.Items), err)
	}
}
