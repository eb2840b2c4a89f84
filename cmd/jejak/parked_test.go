package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// answer runs a subcommand beside the product and gives its exit code, too.
func (p *product) answer(args ...string) (code int, out string) {
	p.t.Helper()
	cmd := exec.Command(binary(p.t), append(args, "--state-dir", p.dir, "--log-level", "warn")...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		p.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), stdout.String() + stderr.String()
}

// TestAPoisonousEventParksItsStreamAndPeopleDecide puts an event that no program
// knows into a stream, below everything that would have refused it.
func TestAPoisonousEventParksItsStreamAndPeopleDecide(t *testing.T) {
	d := atRest(t)
	var stream string
	err := d.conn.QueryRow(t.Context(), `
		with into_stream as (select sid, name from eventstore.streams where name like 'plan-%' order by name limit 1),
		poison as (insert into eventstore.events select (select max(pos) + 1 from eventstore.events), s.sid,
			(select max(rev) + 1 from eventstore.events e where e.sid = s.sid),
			(extract(epoch from now()) * 10000000)::bigint, gen_random_uuid(), true, 'plan.unheard-of.v9', '{"a":1}', '{}' from into_stream s)
		select name from into_stream`).Scan(&stream)
	if err != nil {
		t.Fatal(err)
	}
	d.close()
	p := serve(t, d.dir)
	p.ready()
	code, list := p.answer("parked", "list", "--json")
	models := []string{}
	for line := range strings.Lines(list) {
		var parking struct{ Projection, Stream, Error string }
		if json.Unmarshal([]byte(line), &parking) == nil && parking.Stream == stream {
			models = append(models, parking.Projection)
		}
	}
	if code != exitPartly || len(models) != readModels {
		t.Fatalf("exit code %d, parked in %v\n%s", code, models, list)
	}
	metrics, err := p.get(t.Context(), "/metrics", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, model := range models {
		if want := fmt.Sprintf("jejak_projection_parked{projection=%q} 1", model); !strings.Contains(string(metrics), want) {
			t.Errorf("the metrics do not hold %s", want)
		}
	}
	a := authors(t, p, 1)[0]
	begin := time.Now()
	position, err := a.reportAt(t.Context(), p.url, "while-parked")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.get(t.Context(), "/v1/people/"+a.person+"/timeline?min_position="+position, a.token); err != nil {
		t.Error(err)
	}
	t.Logf("while a stream is parked, another one shows after %v (goal: under 1 s)", time.Since(begin))
	if code, out := p.answer("parked", "replay", models[0], stream); code != exitFailed || !strings.Contains(out, "still fails") {
		t.Errorf("a replay in vain: exit code %d\n%s", code, out)
	}
	if code, out := p.answer("parked", "skip", models[0], stream); code != exitUsage {
		t.Errorf("a skip without a reason: exit code %d\n%s", code, out)
	}
	for _, model := range models {
		if code, out := p.answer("parked", "skip", model, stream, "--by", "operator", "--reason", "an event of no program"); code != exitOK {
			t.Errorf("skip in %s: exit code %d\n%s", model, code, out)
		}
	}
	if code, out := p.answer("parked", "list"); code != exitOK || out != "" {
		t.Errorf("after the skips: exit code %d\n%s", code, out)
	}
	if code, out := p.answer("verify"); code != exitOK || !strings.Contains(out, "1 events left out by decision, 0 of somebody else not counted: 0 findings") {
		t.Errorf("after the skips verify says: exit code %d\n%s", code, out)
	}
	if code, out := p.answer("parked", "show", models[0], stream, "--json"); code != exitOK || !strings.Contains(out, `"skipped_by":"operator"`) {
		t.Errorf("the skip is not kept: exit code %d\n%s", code, out)
	}
	p.stop()
	equalToRebuild(t, d.dir)
	to, again := filepath.Join(t.TempDir(), "backup"), freshState(t, d.dir)
	command(t, d.dir, "backup", "--to", to)
	command(t, again, "restore", "--from", to)
	p = serve(t, again)
	p.ready()
	if code, out := p.answer("parked", "list"); code != exitOK || out != "" {
		t.Errorf("after a restore: exit code %d\n%s", code, out)
	}
	for _, model := range models {
		if code, out := p.answer("parked", "show", model, stream, "--json"); code != exitOK || !strings.Contains(out, `"skipped_by":"operator"`) {
			t.Errorf("a restore forgot the skip in %s: exit code %d\n%s", model, code, out)
		}
	}
	p.stop()
	equalToRebuild(t, again)
}
