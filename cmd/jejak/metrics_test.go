package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// scrape gives the metrics by name and labels, as Prometheus would see them.
func (p *product) scrape(url string) map[string]float64 {
	p.t.Helper()
	resp, err := http.Get(url + "/metrics")
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		p.t.Fatalf("a scrape gave %s (%v)", resp.Status, err)
	}
	values := map[string]float64{}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "} ")
		if strings.HasPrefix(line, "#") || !strings.HasPrefix(line, "jejak_") {
			continue
		}
		if value == "" {
			name, value, _ = strings.Cut(strings.TrimSpace(line), " ")
		} else {
			name += "}"
		}
		number, err := strconv.ParseFloat(value, 64)
		if err != nil {
			p.t.Fatalf("%q is no metric: %v", line, err)
		}
		values[name] = number
	}
	return values
}

// sum adds up what begins with a name.
func sum(values map[string]float64, prefix string) (total float64) {
	for name, v := range values {
		if strings.HasPrefix(name, prefix) {
			total += v
		}
	}
	return total
}

// post sends one order.
func (a author) post(ctx context.Context, url, path, key string, body any) (answer map[string]any, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+path, strings.NewReader(string(text)))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+a.token)
	req.Header.Set("Idempotency-Key", key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	err = json.NewDecoder(resp.Body).Decode(&answer)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("%s: %v", resp.Status, answer)
	}
	return answer, err
}

// quarrel lets two people answer each other at the same moment until the metric
// of conflicts moves.
func (p *product) quarrel(a, b author) {
	p.t.Helper()
	given, err := a.post(p.t.Context(), p.url, "/v1/feedback", "metrics-quarrel", map[string]any{"about": b.person, "tone": "saran", "text": "Mari kita bahas."})
	if err != nil {
		p.t.Fatal(err)
	}
	path := fmt.Sprintf("/v1/feedback/%s/replies", given["id"])
	for round := range 10 {
		var words sync.WaitGroup
		for n, who := range []author{a, b, a, b, a, b, a, b} {
			words.Go(func() {
				_, _ = who.post(p.t.Context(), p.url, path, fmt.Sprintf("metrics-word-%d-%d", round, n), map[string]any{"text": "Kata"}) // one of them may lose
			})
		}
		words.Wait()
		if p.scrape(p.url)["jejak_append_conflicts_total"] > 0 {
			return
		}
	}
	p.t.Error("eighty words at the same moment made no conflict")
}

// listen asks for the feed and stays.
func (p *product) listen(token string) net.Conn {
	p.t.Helper()
	where, err := url.Parse(p.url)
	if err != nil {
		p.t.Fatal(err)
	}
	conn, err := net.Dial("tcp", where.Host)
	if err != nil {
		p.t.Fatal(err)
	}
	_, err = fmt.Fprintf(conn, "GET /v1/events HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nAccept: text/event-stream\r\n\r\n", where.Host, token)
	if err != nil {
		p.t.Fatal(err)
	}
	return conn
}

func TestTheMetricsOfARunningProductMove(t *testing.T) {
	dir := stateDir(t)
	p := serve(t, dir, "--demo", "--people", "20")
	p.seeded()
	people := authors(t, p, 2)
	feed := strings.TrimSpace(command(t, dir, "token", "create", "--person", people[0].person, "--scope", "feed", "--name", "metrics"))
	before := p.scrape(p.url)
	conn := p.listen(feed)
	p.quarrel(people[0], people[1])
	if _, err := people[0].reportAt(t.Context(), p.url, "metrics-report"); err != nil {
		t.Fatal(err)
	}
	p.ready()
	model := "inbox_v1"
	command(t, dir, "projection", "rebuild", model)
	after := p.scrape(p.url)
	for _, name := range []string{
		`jejak_http_request_duration_seconds_count{method="POST",route="/v1/reports",status="201"}`,
		`jejak_events_appended_total{type="progress.reported.v1"}`,
		`jejak_append_conflicts_total`,
		`jejak_projection_position{projection="inbox_v1"}`,
		`jejak_sse_subscribers{stream="feed"}`,
	} {
		if _, there := after[name]; !there || after[name] <= before[name] {
			t.Errorf("%s was %v and is %v", name, before[name], after[name])
		}
	}
	for name, want := range map[string]float64{
		`jejak_append_unknown_total`:                                0,
		`jejak_projection_lag_events{projection="inbox_v1"}`:        0,
		`jejak_projection_lag_seconds{projection="inbox_v1"}`:       0,
		`jejak_projection_parked{projection="inbox_v1"}`:            0,
		`jejak_projection_rebuild_ratio{projection="directory_v3"}`: 1,
		`jejak_lease_held{name="inbox_v1"}`:                         1,
		`jejak_verify_last_ok_timestamp_seconds`:                    0,
		`jejak_sse_subscribers{stream="pages"}`:                     0,
		`jejak_sse_cut_total{stream="pages"}`:                       0,
		`jejak_sse_cut_total{stream="feed"}`:                        0,
	} {
		if got, there := after[name]; !there || got != want {
			t.Errorf("%s is %v (there: %t), not %v", name, got, there, want)
		}
	}
	if ratio := after[`jejak_projection_rebuild_ratio{projection="inbox_v1"}`]; ratio <= 0 || ratio > 1 {
		t.Errorf("the edition beside is filled to %v", ratio)
	}
	if sum(after, "jejak_build_info{") != 1 || sum(after, "jejak_lease_held{") != float64(readModels) {
		t.Errorf("build %v, leases %v", sum(after, "jejak_build_info{"), sum(after, "jejak_lease_held{"))
	}
	for name := range after {
		if strings.Contains(name, people[0].person) || strings.Contains(name, people[1].person) {
			t.Errorf("%s names a person", name)
		}
	}
	began := time.Now()
	command(t, dir, "verify")
	if at := p.scrape(p.url)["jejak_verify_last_ok_timestamp_seconds"]; at < float64(began.Unix()) {
		t.Errorf("after a good verify its metric says %v", at)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "count the reader who left", time.Minute, func() error {
		if p.scrape(p.url)[`jejak_sse_subscribers{stream="feed"}`] != 0 {
			return errors.New("it is still there")
		}
		return nil
	})
	p.stop()
}
