package main

import (
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	spans "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// otlpReceiver is a collector that keeps what it gets.
type otlpReceiver struct {
	url     string
	mu      sync.Mutex
	spans   []*spans.Span
	service string
	raw     strings.Builder // all that came, to look for what must not
}

func collect(t *testing.T) *otlpReceiver {
	t.Helper()
	c := &otlpReceiver{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var request collector.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(body, &request)
		}
		if err != nil || r.URL.Path != "/v1/traces" || r.Method != http.MethodPost {
			t.Errorf("%s %s brought no spans: %v", r.Method, r.URL, err)
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.raw.Write(body)
		for _, resource := range request.ResourceSpans {
			for _, about := range resource.Resource.Attributes {
				if about.Key == "service.name" {
					c.service = about.Value.GetStringValue()
				}
			}
			for _, scope := range resource.ScopeSpans {
				c.spans = append(c.spans, scope.Spans...)
			}
		}
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

// of gives the spans of a trace by name; a name that comes twice is kept once.
func (c *otlpReceiver) of(trace string) map[string]*spans.Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := map[string]*spans.Span{}
	for _, s := range c.spans {
		if hex.EncodeToString(s.TraceId) == trace {
			found[s.Name] = s
		}
	}
	return found
}

func TestOneOrderIsOneTraceFromTheRequestToTheRow(t *testing.T) {
	c := collect(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", c.url)
	t.Setenv("OTEL_SERVICE_NAME", "jejak-sabang")
	t.Setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
	dir := stateDir(t)
	p := serve(t, dir, "--demo", "--people", "20")
	p.seeded()
	a := authors(t, p, 1)[0]
	given, err := a.post(t.Context(), p.url, "/v1/reports", "traced-report", map[string]any{"text": "Rahasia saya", "quantity_hundredths": 100, "measure": "berkas"})
	if err != nil {
		t.Fatal(err)
	}
	meta, err := pgx.CollectExactlyOneRow(p.query(`select convert_from(e.meta, 'UTF8') from eventstore.events e join eventstore.streams s using (sid)
		where s.name = $1`, "progress-"+fmt.Sprint(given["id"])), pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	_, after, stamped := strings.Cut(meta, `"traceparent":"00-`)
	if !stamped {
		t.Fatalf("the event's metadata hold no trace: %s", meta)
	}
	trace, span := after[:32], after[33:49]
	if !strings.Contains(meta, `"corr":"`+trace+`"`) {
		t.Errorf("the correlation of the fact is another than its trace: %s", meta)
	}
	models := []string{"inbox_v1", "directory_v3"}
	all := 3 + 2*readModels
	var got map[string]*spans.Span
	eventually(t, "get the whole trace", 30*time.Second, func() error {
		got = c.of(trace)
		want := []string{"POST /v1/reports", "append progress", "eventstore Append"}
		for _, m := range models {
			want = append(want, "process "+m, "commit "+m)
		}
		for _, name := range want {
			if got[name] == nil {
				return fmt.Errorf("no span %q among %d", name, len(got))
			}
		}
		if len(got) < all {
			return fmt.Errorf("%d spans of %d", len(got), all)
		}
		return nil
	})
	below := func(child, parent string) {
		if string(got[child].ParentSpanId) != string(got[parent].SpanId) {
			t.Errorf("%q is not below %q", child, parent)
		}
	}
	below("append progress", "POST /v1/reports")
	below("eventstore Append", "append progress")
	for _, m := range models {
		below("process "+m, "append progress")
		below("commit "+m, "process "+m)
	}
	if len(got["POST /v1/reports"].ParentSpanId) != 0 || hex.EncodeToString(got["append progress"].SpanId) != span {
		t.Error("the request is no root, or the event names another span than that of its append")
	}
	if got := len(c.of(trace)); got != all {
		t.Errorf("%d spans, not %d", got, all)
	}
	traced, err := pgx.CollectExactlyOneRow(p.query(`select count(*) from eventstore.events where convert_from(meta, 'UTF8') like '%traceparent%'`), pgx.RowTo[int])
	if stored := given["events"]; err != nil || float64(traced) != stored {
		t.Errorf("%d events hold a trace (%v), but %v came by a request", traced, err, stored)
	}
	if code, out := p.answer("verify"); code != exitOK {
		t.Errorf("verify: exit code %d\n%s", code, out)
	}
	p.stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.service != "jejak-sabang" {
		t.Errorf("the service is called %q", c.service)
	}
	for _, secret := range []string{a.person, a.token, fmt.Sprint(given["id"]), "Rahasia"} {
		if strings.Contains(c.raw.String(), secret) {
			t.Errorf("the spans hold %q", secret)
		}
	}
}

func TestATraceProtocolThatWeDoNotSpeakIsRefusedAtTheStart(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317")
	t.Setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
	p := &product{t: t, dir: stateDir(t)}
	if code, out := p.answer("serve", "--listen", "127.0.0.1:0"); code != exitUsage || !strings.Contains(out, "http/protobuf") {
		t.Errorf("exit code %d\n%s", code, out)
	}
}
