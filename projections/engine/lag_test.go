package engine_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// offset is a log whose positions are places in a file, as on a cluster.
type offset struct {
	*written
	away    error
	hangs   bool
	counted int // up to how many facts a look counts
}

const bytesEach = 7_919

func offsets(n int) *offset {
	o := &offset{written: numbers(n, 3), counted: 1_000}
	for i := range o.facts {
		o.facts[i].Position *= bytesEach
	}
	return o
}

func (o *offset) beyond(ctx context.Context, position uint64) (b engine.Beyond, err error) {
	if o.hangs {
		<-ctx.Done()
		return b, ctx.Err()
	}
	if o.away != nil {
		return b, o.away
	}
	b.Missing = position > 0
	for _, f := range o.facts {
		switch {
		case f.Position == position:
			b.Missing = false
		case f.Position > position && b.Facts == o.counted:
			b.More = true
		case f.Position > position:
			if b.Facts++; b.First == 0 {
				b.First, b.StoredAt = f.Position, f.StoredAt
			}
		}
	}
	return b, nil
}

// read gives the facts in batches of a size.
func (o *offset) read(size int) engine.Read {
	return func(_ context.Context, after uint64) iter.Seq2[[]engine.Fact, error] {
		return func(yield func([]engine.Fact, error) bool) {
			for part := range slices.Chunk(o.facts[after/bytesEach:], size) {
				if !yield(part, nil) {
					return
				}
			}
		}
	}
}

// watched is a read model, its log and its watch, with a clock that the test moves.
type watched struct {
	*testing.T
	*engine.Engine
	log   *offset
	watch *engine.Watch
	pool  *pgxpool.Pool
	now   time.Time
}

func watch(t *testing.T, facts int) *watched {
	t.Helper()
	w := &watched{T: t, log: offsets(facts), pool: connect(t, pgtest.URL(t)), now: noon}
	w.Engine = open(t, w.pool, ledger("l_v1"), ledger("m_v1"))
	w.watch = engine.NewWatch(w.pool, w.Names(), w.log.beyond, func() time.Time { return w.now })
	return w
}

// fill applies the facts up to the nth.
func (w *watched) fill(name string, n int) {
	w.Helper()
	at, err := w.Checkpoint(w.Context(), name)
	if err != nil {
		w.Fatal(err)
	}
	if err := w.Handle(w.Context(), name, at, w.log.facts[at/bytesEach:n]); err != nil {
		w.Fatal(err)
	}
}

// later looks after some time.
func (w *watched) later(length time.Duration) engine.Sight {
	w.now = w.now.Add(length)
	return w.watch.Look(w.Context())
}

func (w *watched) expect(s engine.Sight, name string, known bool, age time.Duration, behind engine.Count) {
	w.Helper()
	if lag, ok := s.Of(name); !ok || !lag.Measured || lag.Known != known || lag.Age != age || lag.Behind != behind {
		w.Errorf("%s: seen %t, %+v; want known %t, age %v, behind %d", name, ok, lag, known, age, behind)
	}
}

func TestTheLagIsTheAgeOfTheOldestFactThatIsNotShown(t *testing.T) {
	w := watch(t, 30)
	w.log.facts[10].StoredAt = noon.Add(5 * time.Second)
	w.expect(w.later(10*time.Second), "l_v1", true, 10*time.Second, 30) // a fresh log that was never read
	w.fill("l_v1", 10)
	s := w.later(10 * time.Second)
	w.expect(s, "l_v1", true, 15*time.Second, 20)
	w.expect(s, "m_v1", true, 20*time.Second, 30)
	w.expect(w.later(time.Hour), "l_v1", true, time.Hour+15*time.Second, 20) // it stands still
	w.fill("l_v1", 30)
	w.expect(w.later(time.Second), "l_v1", true, 0, 0)
}

func TestOfAnEmptyLogNothingIsMissing(t *testing.T) {
	w := watch(t, 0)
	w.expect(w.later(time.Hour), "l_v1", true, 0, 0)
}

func TestTheLagGrowsWhileTheLogIsNotKnown(t *testing.T) {
	for what, fault := range map[string]func(*watched){
		"it is away":      func(w *watched) { w.log.away = errors.New("refused") },
		"it stands still": func(w *watched) { w.log.hangs = true },
		"it was put back": func(w *watched) { w.log.facts = w.log.facts[:5] },
		"it was emptied":  func(w *watched) { w.log.facts = nil },
		"it is another's": func(w *watched) {
			for i := range w.log.facts {
				w.log.facts[i].Position++
			}
		},
		"the database is so": func(w *watched) { w.pool.Close() },
	} {
		t.Run(what, func(t *testing.T) {
			w := watch(t, 20)
			w.fill("l_v1", 10)
			w.fill("m_v1", 3)
			w.later(time.Second)
			w.fill("l_v1", 20)
			w.expect(w.later(time.Second), "l_v1", true, 0, 0)
			fault(w)
			s := w.later(time.Minute)
			w.expect(s, "l_v1", false, time.Minute, engine.Unknown)
			if what == "it was put back" { // m_v1's place is still there
				w.expect(s, "m_v1", true, time.Minute+2*time.Second, 2)
			} else {
				w.expect(s, "m_v1", false, time.Minute+2*time.Second, engine.Unknown)
			}
			w.expect(w.later(time.Hour), "l_v1", false, time.Hour+time.Minute, engine.Unknown)
			if away := w.log.away != nil || w.log.hangs; away != (s.Log != nil) || (s.Database != nil) != (what == "the database is so") {
				t.Errorf("the log: %v, the database: %v", s.Log, s.Database)
			}
		})
	}
}

func TestWhatWasNeverKnownHasNoLag(t *testing.T) {
	w := watch(t, 3)
	w.log.away = errors.New("refused")
	s := w.later(time.Hour)
	if lag, ok := s.Of("l_v1"); !ok || lag.Measured || lag.Known || s.Log == nil {
		t.Errorf("seen %t: %+v", ok, lag)
	}
	w.log.away = nil
	w.expect(w.later(time.Second), "l_v1", true, time.Hour+time.Second, 3)
}

func TestNoClockMakesALagZero(t *testing.T) {
	w := watch(t, 1)
	w.log.facts[0].StoredAt = noon.Add(time.Hour) // the store's clock is ahead
	w.expect(w.later(0), "l_v1", true, time.Millisecond, 1)
	w.expect(w.later(time.Minute), "l_v1", true, time.Minute, 1)
	w.expect(w.later(-2*time.Minute), "l_v1", true, time.Millisecond, 1) // ours was set back
}

func TestFactsAreCountedWherePositionsAreNoNumbers(t *testing.T) {
	w := watch(t, 300)
	w.log.counted = 50
	w.fill("l_v1", 290)
	s := w.later(time.Second)
	w.expect(s, "l_v1", true, time.Second, 10)
	w.expect(s, "m_v1", true, time.Second, 300) // not met: by the number that l_v1 keeps
	w.fill("m_v1", 120)
	w.expect(w.later(time.Second), "m_v1", true, 2*time.Second, 180)
	if _, err := w.pool.Exec(t.Context(), `update projection set position = $1 where name = 'l_v1'`, 295*bytesEach); err != nil {
		t.Fatal(err) // as a version that does not count
	}
	w.expect(w.later(time.Second), "m_v1", true, 3*time.Second, engine.Unknown)
}

// silent is a database that is away.
type silent struct{}

func (silent) Query(context.Context, string, ...any) (pgx.Rows, error) {
	return nil, errors.New("refused")
}

func TestALookIsBoundedAndSharedByThoseWhoAskWhileSomebodyLooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked, free := 0, make(chan struct{})
		w := engine.NewWatch(silent{}, []string{"l_v1"}, func(ctx context.Context, _ uint64) (engine.Beyond, error) {
			asked++
			if _, bounded := ctx.Deadline(); !bounded {
				t.Error("the log is asked without a limit")
			}
			<-free
			return engine.Beyond{}, nil
		}, time.Now)
		var looks sync.WaitGroup
		for range 10 {
			looks.Go(func() { w.Look(t.Context()) })
		}
		synctest.Wait() // one looks, nine wait
		close(free)
		looks.Wait()
		if asked != 2 {
			t.Errorf("the log was asked %d times, not twice", asked)
		}
		w.Look(t.Context())
		if asked != 3 {
			t.Error("a look of before was given to somebody who asked later")
		}
	})
}

func TestARebuildTellsTheNumberOfFactsToAnEditionThatDoesNotKnowIt(t *testing.T) {
	w := watch(t, 40)
	w.fill("l_v1", 40)
	if _, err := w.pool.Exec(t.Context(), `update projection set facts = null, counted_at = null`); err != nil {
		t.Fatal(err)
	}
	b, err := w.Beside(t.Context(), "l_v1", engine.Next)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	read := w.log.read(7)
	var told []int
	if err := b.Fill(t.Context(), 21*bytesEach, read, func(facts int) { told = append(told, facts) }); err != nil || !slices.Equal(told, []int{7, 14, 21}) {
		t.Fatal(told, err)
	}
	if s, ok := w.later(time.Second).Of("l_v1"); !ok || !s.Rebuilding || s.Next.Facts != 21 || s.Facts != engine.Unknown {
		t.Errorf("before: %+v", s)
	} else if _, known := s.Rebuilt(); known {
		t.Error("a part of an unknown number is known")
	}
	if c, err := b.Compare(t.Context(), read); err != nil || !c.Equal {
		t.Fatal(c, err)
	}
	if s, _ := w.later(time.Second).Of("l_v1"); s.Facts != 40 {
		t.Errorf("after: %+v", s)
	}
	w.log.add("test-0", added{N: 1})
	w.log.facts[40].Position *= bytesEach
	w.fill("l_v1", 41)
	s, _ := w.later(time.Second).Of("l_v1")
	if part, known := s.Rebuilt(); s.Facts != 41 || !known || part != 40./41 {
		t.Errorf("one fact later: %+v, rebuilt %v (known: %t)", s, part, known)
	}
}
