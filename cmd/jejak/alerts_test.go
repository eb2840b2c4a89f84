package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/api/availability"
	"github.com/jejak-kinerja/jejak/api/health"
)

const (
	// framesOfDay are thirteen minutes: more than the alert on backups waits.
	framesOfDay = 27
	// framesWatched are eight minutes: more than the others wait.
	framesWatched = 17
)

// scraped gives a scrape of the running product.
func (o *observed) scraped() map[string]float64 {
	return (&product{t: o.T}).scrape(o.url)
}

// expect watches for eight minutes, and demands that exactly these alerts fire.
func (o *observed) expect(want map[string]int) {
	o.Helper()
	o.backedUp()
	o.watch(framesWatched, o.scraped).fires(o.T, want)
}

// TestAlertsFireWhenTheyShould lets promtool run docs/deploy/prometheus over what a
// real product told in each state.
func TestAlertsFireWhenTheyShould(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("promtool"); err != nil {
		lacking(t, "promtool is not installed: make dependencies")
	}
	t.Run("never while all is well", func(t *testing.T) {
		o := observe(t, "")
		o.serves()
		o.append(50)
		o.shown(o.r.engine.Names()...)
		o.expect(map[string]int{})
	})
	t.Run("never on an empty ledger", func(t *testing.T) {
		o := observe(t, "")
		o.serves()
		o.expect(map[string]int{})
	})
	t.Run("a frozen read model", func(t *testing.T) {
		o := observe(t, "")
		o.serves()
		o.append(50)
		names := o.r.engine.Names()
		o.shown(names...)
		o.freeze(names[0])
		o.append(10)
		o.shown(names[1:]...)
		o.expect(map[string]int{"JejakReadModelBehind": 1})
	})
	t.Run("a fresh log on which nothing moves", func(t *testing.T) {
		o := observe(t, "")
		o.freeze(o.r.engine.Names()...)
		o.serves()
		o.append(10)
		o.expect(map[string]int{"JejakReadModelBehind": readModels})
	})
	t.Run("nobody writes", func(t *testing.T) {
		o := observe(t, "")
		o.append(10)
		server := httptest.NewServer(o.r.metrics.Handler(o.r.survey))
		defer server.Close()
		o.url = server.URL
		o.expect(map[string]int{"JejakReadModelBehind": readModels, "JejakReadModelUnwritten": readModels})
	})
	t.Run("no backup for a day", func(t *testing.T) {
		o := observe(t, "")
		o.serves()
		o.watch(framesOfDay, o.scraped).fires(t, map[string]int{"JejakBackupOld": 1})
	})
}

// TestAlertsTellOfAnEventStoreThatIsAwayOrPutBack does the same with an event store
// that the test may end and put back.
func TestAlertsTellOfAnEventStoreThatIsAwayOrPutBack(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("promtool"); err != nil {
		lacking(t, "promtool is not installed: make dependencies")
	}
	begin := func(t *testing.T) (*observed, *separate, string) {
		store := separately(t)
		o := observe(t, store.url())
		o.append(30)
		store.stop()
		kept := store.keep()
		store.start()
		o.serves()
		o.append(30)
		o.shown(o.r.engine.Names()...)
		o.scraped()
		return o, store, kept
	}
	t.Run("it is gone", func(t *testing.T) {
		o, store, _ := begin(t)
		store.stop()
		o.away()
		o.expect(map[string]int{"JejakEventStoreAway": 1, "JejakReadModelBehind": readModels})
	})
	t.Run("it stands still", func(t *testing.T) {
		o, store, _ := begin(t)
		store.freeze()
		o.away()
		s := o.watch(3, o.scraped) // each waits for the store, within its limit
		for name := range s.frames[2] {
			if lag, there := s.frames[2][name]; name == `jejak_store_up{store="eventstore"}` && (!there || lag != 0) {
				t.Errorf("%s is %v", name, lag)
			}
		}
		for _, model := range o.r.engine.Names() {
			if lag := s.frames[2][`jejak_projection_lag_seconds{projection="`+model+`"}`]; lag < 60 {
				t.Errorf("after a minute %s is %v s behind", model, lag)
			}
		}
	})
	t.Run("it is put back", func(t *testing.T) {
		o, store, kept := begin(t)
		store.stop()
		store.putBack(kept)
		store.start()
		o.refused()
		o.expect(map[string]int{"JejakOtherLog": 1, "JejakEventStoreAway": 1, "JejakReadModelBehind": readModels})
	})
	t.Run("it was put back while the product was away", func(t *testing.T) {
		store, dir := separately(t), stateDir(t)
		store.stop()
		kept := store.keep()
		store.start()
		before, end := observeIn(t, dir, store.url())
		stop := before.starts()
		before.append(30)
		before.shown(before.r.engine.Names()...)
		stop()
		end()
		store.stop()
		store.putBack(kept)
		store.start()
		o, end := observeIn(t, dir, store.url())
		t.Cleanup(end)
		o.serves()
		o.refused()
		o.expect(map[string]int{"JejakOtherLog": 1, "JejakEventStoreAway": 1, "JejakReadModelUnknown": readModels})
	})
}

// refused waits until the product knows that the log is not its own.
func (o *observed) refused() {
	o.Helper()
	eventually(o.T, "notice that the store was put back", startLimit, func() error {
		if state := o.r.watch.State().Condition; state != availability.Refused {
			return fmt.Errorf("the event store is %s", state)
		}
		return nil
	})
}

// away waits until the product knows that its event store does not answer.
func (o *observed) away() {
	o.Helper()
	eventually(o.T, "notice that the store is away", startLimit, func() error {
		if err := o.r.watch.Err(); err == nil {
			return context.DeadlineExceeded
		}
		return nil
	})
}

func TestEveryPlaceTellsTheSameLag(t *testing.T) {
	o := observe(t, "")
	o.serves()
	o.append(50)
	names := o.r.engine.Names()
	o.shown(names...)
	o.freeze(names[0])
	o.append(10)
	o.shown(names[1:]...)
	o.ahead.Store(int64(10 * time.Minute))
	metrics := o.scraped()
	models, err := o.r.models(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	page, err := o.r.operations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ready := o.readiness()
	for n, name := range names {
		label := `{projection="` + name + `"}`
		events, status := int64(0), "ok"
		if n == 0 {
			events, status = 10, "failed"
		}
		late := n == 0
		if lag := metrics["jejak_projection_lag_seconds"+label]; late != (lag >= 600) || !late && lag != 0 {
			t.Errorf("the metrics: %s is %v s behind", name, lag)
		}
		if got, told := metrics["jejak_projection_lag_events"+label]; !told || got != float64(events) {
			t.Errorf("the metrics: %s is %v events behind (told: %t)", name, got, told)
		}
		if m := models[n]; m.Projection != name || m.Events == nil || *m.Events != events || late != (*m.Seconds >= 600) {
			t.Errorf("the list: %+v, %s", m, m.lagging)
		}
		if m := page.Models[n]; m.Name != name || !m.Known || m.Behind != events || late == m.Since.IsZero() || !m.Led || m.Leading == late {
			t.Errorf("the page: %+v", m)
		}
		if got := ready["projection:"+name]; got.Status != status || late != strings.Contains(got.Detail, "10 events") {
			t.Errorf("/readyz: %s is %+v", name, got)
		}
	}
	found, _ := visit(t, "--state-dir", o.r.config.StateDir, "--listen", strings.TrimPrefix(o.url, "http://"))
	if lag := found["lag"]; lag.Status != fine { // by the machine's clock nothing is late yet
		t.Errorf("the doctor: %+v", lag)
	}
	if _, err := o.r.pool.Exec(t.Context(), `alter table eventstore.events disable trigger user;
		update eventstore.events set created = created - 36000000000;
		alter table eventstore.events enable trigger user`, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	found, _ = visit(t, "--state-dir", o.r.config.StateDir, "--listen", strings.TrimPrefix(o.url, "http://"))
	if lag := found["lag"]; lag.Status != warns || !strings.Contains(lag.Detail, names[0]) || !strings.Contains(lag.Detail, "10 events") {
		t.Errorf("the doctor, an hour later: %+v", lag)
	}
}

// readiness gives the checks of /readyz.
func (o *observed) readiness() map[string]health.Result {
	o.Helper()
	resp, err := http.Get(o.url + "/readyz")
	if err != nil {
		o.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct{ Checks map[string]health.Result }
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		o.Fatal(err)
	}
	return answer.Checks
}
