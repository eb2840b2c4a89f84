package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/metadata"
)

// TestANodeAloneTellsOperatorsHowItFares appends to it as any program would.
func TestANodeAloneTellsOperatorsHowItFares(t *testing.T) {
	c := collect(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", c.url)
	t.Setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
	admin := freeAddress(t)
	url := standalone(t, "--admin-listen", admin)
	for path, want := range map[string]int{"/metrics": 200, "/healthz": 200, "/readyz": 200, "/version": 200, "/debug/pprof/cmdline": 200, "/v1/me": 404} {
		if status := answerOf(t, "", "http://"+admin+path, nil); status != want {
			t.Errorf("operators get %d from %s", status, path)
		}
	}
	p := &product{t: t}
	before := p.scrape("http://" + admin)
	config, err := esdb.ParseConnectionString(url)
	if err != nil {
		t.Fatal(err)
	}
	client, err := esdb.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	const trace = "0af7651916cd43dd8448eb211c80319c"
	ctx := metadata.AppendToOutgoingContext(t.Context(), "traceparent", "00-"+trace+"-b7ad6b7169203331-01")
	event := esdb.EventData{EventType: "tried", ContentType: esdb.ContentTypeJson, Data: []byte(`{}`)}
	if _, err := client.AppendToStream(ctx, "tried-1", esdb.AppendToStreamOptions{}, event, event); err != nil {
		t.Fatal(err)
	}
	after := p.scrape("http://" + admin)
	for name, want := range map[string]float64{"jejak_node_events_total": 2, "jejak_node_appends_total": 1, "jejak_node_commits_total": 1, "jejak_node_head_position": 2} {
		if got := after[name] - before[name]; got != want {
			t.Errorf("%s moved by %v, want %v", name, got, want)
		}
	}
	eventually(t, "get the span of the append", 30*time.Second, func() error {
		if c.of(trace)["eventstore Append"] == nil {
			return fmt.Errorf("not among %d spans", len(c.of(trace)))
		}
		return nil
	})
	if status := answerOf(t, "attacker.example:80", "http://"+admin+"/debug/pprof/heap", nil); status != http.StatusForbidden {
		t.Errorf("a page under a foreign name gets %d from the heap", status)
	}
}
