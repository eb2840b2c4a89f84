package telemetry_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/internal/telemetry"
)

// after gives a scrape whose survey found something.
func after(t *testing.T, m *telemetry.Metrics, found telemetry.Survey) string {
	t.Helper()
	handler := m.Handler(func(ctx context.Context) telemetry.Survey {
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("the survey has no deadline")
		}
		return found
	})
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("a scrape gave %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestAScrapeTellsWhatItsSurveyFound(t *testing.T) {
	m := telemetry.New(telemetry.Build{})
	m.AppendConflict()
	hold(t, after(t, m, telemetry.Survey{
		Stores: map[string]bool{"database": true, "eventstore": false},
		Models: []telemetry.Model{{Projection: "page_v1", Position: new(uint64(26_000_000)), LagEvents: new(int64(15)), Lag: new(3500 * time.Millisecond),
			Parked: new(3), Led: new(true), Rebuilt: new(0.5)}},
		Leases: map[string]bool{"page_v1": true, "other_v1": false},
		Works:  map[string]time.Time{"verify": noon, "backup": {}, "drill": noon},

		LogStates: map[string]bool{"same": false, "older": true}, StreamsCut: new(int64(2)), EventsForeign: new(int64(0)),
	}),
		`jejak_log_state{state="same"} 0`,
		`jejak_log_state{state="older"} 1`,
		`jejak_streams_cut 2`,
		`jejak_events_foreign 0`,
		`jejak_append_conflicts_total 1`,
		`jejak_store_up{store="database"} 1`,
		`jejak_store_up{store="eventstore"} 0`,
		`jejak_projection_position{projection="page_v1"} 2.6e+07`,
		`jejak_projection_lag_events{projection="page_v1"} 15`,
		`jejak_projection_lag_seconds{projection="page_v1"} 3.5`,
		`jejak_projection_parked{projection="page_v1"} 3`,
		`jejak_projection_led{projection="page_v1"} 1`,
		`jejak_projection_rebuild_ratio{projection="page_v1"} 0.5`,
		`jejak_lease_held{name="page_v1"} 1`,
		`jejak_lease_held{name="other_v1"} 0`,
		`jejak_verify_last_ok_timestamp_seconds 1.7724276e+09`,
		`jejak_backup_last_ok_timestamp_seconds 0`)
}

func TestAScrapeTellsNothingOfWhatIsNotKnownNow(t *testing.T) {
	m := telemetry.New(telemetry.Build{})
	after(t, m, telemetry.Survey{Models: []telemetry.Model{{Projection: "page_v1", Parked: new(3), Led: new(true)}}, Works: map[string]time.Time{"backup": noon}})
	text := after(t, m, telemetry.Survey{Stores: map[string]bool{"database": false}, Models: []telemetry.Model{{Projection: "page_v1", Lag: new(time.Hour)}}})
	hold(t, text, `jejak_store_up{store="database"} 0`, `jejak_projection_lag_seconds{projection="page_v1"} 3600`)
	for _, name := range []string{"jejak_projection_parked", "jejak_projection_led", "jejak_projection_lag_events", "jejak_projection_position",
		"jejak_projection_rebuild_ratio", "jejak_backup_last_ok", "jejak_verify_last_ok",
		"jejak_log_state", "jejak_streams_cut", "jejak_events_foreign"} {
		if strings.Contains(text, "\n"+name) {
			t.Errorf("a scrape of what is not known tells of %s", name)
		}
	}
}
