package api_test

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/domain/policy"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// actors of the table, in the order in which they try: whoever may not goes first.
var actors = []string{"", "colleague", "admin", "former", "inspector", "leader", "performance", "bkpsdm", "superior", "employee"}

const (
	everybody = "colleague admin former inspector leader performance bkpsdm superior employee"
	readers   = "former inspector leader bkpsdm superior employee"
	masters   = "performance bkpsdm"
)

// access says who may do what, over a record of the employee's whose superior is
// the superior. A body is what is sent; the rights are those who are not refused
// with 401, 403 or 404.
var access = map[string]struct{ body, may string }{
	"get-me":     {may: everybody},
	"list-inbox": {may: everybody},
	"get-home":   {may: everybody},

	"get-person":        {may: everybody},
	"list-subordinates": {may: everybody},
	"list-timeline":     {may: readers},
	"list-units":        {may: everybody},
	"get-unit":          {may: everybody},
	"list-staff":        {may: everybody},
	"list-indicators":   {may: everybody},
	"get-indicator":     {may: everybody},
	"get-policy":        {may: everybody},

	"get-plan":         {may: readers},
	"list-plans":       {may: readers},
	"get-report":       {may: readers},
	"list-reports":     {may: readers},
	"get-feedback":     {may: "colleague " + readers},
	"list-feedback":    {may: readers},
	"get-appraisal":    {may: readers},
	"list-appraisals":  {may: readers},
	"get-event":        {may: readers},
	"list-audit-trail": {may: "inspector"}, "count-audit-trail": {may: "inspector"},
	"follow-events": {may: "admin inspector"},

	"report-progress":         {`{"text":"a"}`, everybody},
	"give-feedback":           {`{"about":"employee","tone":"saran","text":"a"}`, strings.TrimSuffix(everybody, " employee")},
	"open-plan":               {`{}`, everybody},
	"question-reporting-line": {`{}`, everybody},
	"acknowledge-reports":     {`{"reports":["tidak-ada"]}`, everybody}, // each report is answered apart

	"acknowledge-report": {`{}`, "superior"},
	"question-report":    {`{"question":"a"}`, "superior"},
	"answer-report":      {`{"answer":"a"}`, "employee"},
	"correct-report":     {`{"text":"a","reason":"b"}`, "employee"},
	"withdraw-report":    {`{"reason":"a"}`, "employee"},
	"read-feedback":      {"", "employee"},
	"reply-to-feedback":  {`{"text":"a"}`, "colleague employee"},
	"dispute-feedback":   {`{"reason":"a"}`, "employee"},

	"edit-plan":             {`{"edits":[{"do":"expect-behaviour","value":"loyal","expectation":"a"}]}`, "employee"},
	"submit-plan":           {`{}`, "employee"},
	"sign-plan":             {`{"content":"a"}`, "employee superior"},
	"return-plan":           {`{"reason":"a"}`, "superior"},
	"withdraw-signature":    {`{"reason":"a"}`, "employee superior"},
	"close-plan":            {`{"last_day":"2026-03-01","cause":"mutasi"}`, "bkpsdm superior"},
	"change-plan-appraiser": {`{"appraiser":"superior"}`, "employee superior bkpsdm"},

	"open-appraisal":     {`{"person":"employee","kind":"tahunan","from":"2026-01-01","until":"2026-12-31"}`, "superior"},
	"record-realisation": {`{"result":"r1","no_evidence":"a"}`, "superior"},
	"rate-result":        {`{"rating":"sesuai"}`, "superior"},
	"rate-behaviour":     {behaviour, "superior"},
	"change-score":       {`{"dimension":"hasil-kerja","old":"sesuai","new":"di-atas","reason":"a"}`, "superior"},
	"deliver-appraisal":  {"", "superior"},
	"receive-appraisal":  {"", "employee"},

	"enrol-person":           {`{"person":"baru","name":"a","nip":"990000000000000077","employment":"pns"}`, "bkpsdm"},
	"assign-post":            {`{"title":"a","level":"pelaksana","unit":"dinas","from":"2026-03-02"}`, "bkpsdm"},
	"end-post":               {`{"post":"p1","last_day":"2026-12-31"}`, "bkpsdm"},
	"set-reporting-line":     {`{"superior":"leader","from":"2027-01-01"}`, "bkpsdm"},
	"correct-reporting-line": {`{"superior":"leader","from":"2021-01-01","reason":"a"}`, "bkpsdm"},
	"grant-role":             {`{"role":"bagian-organisasi","from":"2027-01-01"}`, "bkpsdm"},
	"revoke-role":            {`{"role":"bagian-organisasi","last_day":"2027-01-01"}`, "bkpsdm"},
	"separate-person":        {`{"last_day":"2030-01-01","cause":"pensiun"}`, "bkpsdm"},

	"establish-unit":     {`{"unit":"baru","name":"a","kind":"bagian","parent":"dinas","from":"2026-01-01"}`, masters},
	"rename-unit":        {`{"name":"b","from":"2026-01-01"}`, masters},
	"alias-unit-code":    {`{"alias":"1.02"}`, masters},
	"appoint-head":       {`{"person":"leader","from":"2026-01-01"}`, masters},
	"release-head":       {`{"person":"leader","last_day":"2026-12-31"}`, masters},
	"assign-acting-head": {`{"person":"former","capacity":"plt","from":"2026-01-01"}`, masters},
	"end-acting-head":    {`{"person":"former","last_day":"2026-12-31"}`, masters},
	"close-unit":         {`{"last_day":"2030-01-01"}`, masters},

	"define-indicator":    {`{"indicator":"baru","name":"a","measure":"b","direction":"higher"}`, "performance"},
	"set-target":          {figure, "performance"},
	"revise-target":       {figure, "performance"},
	"report-realisation":  {figure, "performance"},
	"correct-realisation": {figure, "performance"},
	"note-inconsistency":  {`{"period":"2025","note":"a","source":{"title":"b"}}`, "performance"},
	"publish-policy":      {`{"version":2,"from":"2026-04-01","basis":"a","numbers":{"silent_days":30,"stale_workdays":3,"backdate_reason_days":7,"backdate_limit_days":31,"provisional_link_days":30,"objection_days":14}}`, "leader"},
	"retire-policy":       {`{"version":1,"last_day":"2026-12-31"}`, "leader"},
}

const (
	figure    = `{"period":"2025","value_hundredths":1,"source":{"title":"a"}}`
	behaviour = `{"rating":"sesuai","values":[{"value":"berorientasi-pelayanan","rating":"sesuai"},{"value":"akuntabel","rating":"sesuai"},{"value":"kompeten","rating":"sesuai"},{"value":"harmonis","rating":"sesuai"},{"value":"loyal","rating":"sesuai"},{"value":"adaptif","rating":"sesuai"},{"value":"kolaboratif","rating":"sesuai"}]}`
)

func TestEveryOperationIsOpenToWhomTheTableSays(t *testing.T) {
	c := newTown(t)
	record := c.record()
	listed := operations(t)
	slices.SortStableFunc(listed, func(a, b *huma.Operation) int { return cmp.Compare(turn(a), turn(b)) })
	for _, op := range listed {
		row, ok := access[op.OperationID]
		if !ok {
			t.Errorf("%s has no row in the table of access", op.OperationID)
			continue
		}
		may := strings.Fields(row.may)
		for _, actor := range actors {
			status, body := c.try(op.Method, record.fill(op.Path), row.body, actor)
			refused := status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusNotFound
			if allowed := slices.Contains(may, actor); allowed == refused || status >= 500 {
				t.Errorf("%s as %q: %d, allowed by the table: %v\n%s", op.OperationID, actor, status, allowed, body)
			}
		}
	}
	if len(access) != len(listed) {
		t.Errorf("the table has %d rows for %d operations", len(access), len(listed))
	}
}

// enders leave little to try after them.
var enders = []string{"close-plan", "correct-reporting-line", "separate-person", "close-unit", "withdraw-report"}

// turn puts what changes nothing first.
func turn(op *huma.Operation) int {
	switch {
	case op.Method == http.MethodGet:
		return 0
	case !slices.Contains(enders, op.OperationID):
		return 1
	}
	return 2
}

// record is one of everything, about the employee.
type record map[string]string

func (r record) fill(path string) string {
	for name, value := range r {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	return path
}

func (c *town) record() record {
	c.t.Helper()
	ctx, n := c.t.Context(), 0
	must := func(out commands.Outcome, err error) commands.Outcome {
		c.t.Helper()
		if err != nil {
			c.t.Fatal(err)
		}
		return out
	}
	as := func(p domain.PersonID) commands.Ask {
		n++
		return commands.Ask{Key: domain.CommandID(fmt.Sprintf("record-%04d", n)), Actor: p, Source: domain.FromAPI}
	}
	report := must(c.office.ReportProgress(ctx, as("employee"), commands.ReportProgress{Text: "a"}))
	given := must(c.office.GiveFeedback(ctx, as("colleague"), commands.GiveFeedback{About: "employee", Tone: feedback.Advice, Text: "a"}))
	plan := must(c.office.OpenPlan(ctx, as("employee"), commands.OpenPlan{}))
	begun := must(c.office.OpenAppraisal(ctx, as("superior"), commands.OpenAppraisal{Person: "employee", Kind: appraisal.Periodic,
		Span: domain.Span{From: "2026-01-01", Until: "2026-03-31"}}))
	must(c.office.DefineIndicator(ctx, as("performance"), indicator.Define{Indicator: "wisatawan", Name: "a", Measure: "b", Direction: indicator.HigherIsBetter}))
	must(c.office.EstablishUnit(ctx, as("bkpsdm"), unit.Establish{Unit: "bidang", Name: "a", Kind: unit.Section, Parent: "dinas", From: "2021-01-01"}))
	must(c.office.PublishPolicy(ctx, as("leader"), policy.Publish{Policy: policy.Performance, Version: 1, From: "2026-01-01", Numbers: policy.Defaults(), Basis: "a"}))
	c.show()
	return record{"report": report.ID(), "feedback": given.ID(), "plan": plan.ID(), "appraisal": begun.ID(), "indicator": "wisatawan",
		"unit": "bidang", "person": "employee", "policy": "kinerja", "position": fmt.Sprint(report.Position)}
}

// try sends a request with the present revision of what the path names.
func (c *town) try(method, path, body, as string) (int, string) {
	c.t.Helper()
	c.tries++
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.server.URL+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Test-Person", as)
	req.Header.Set("Accept", "application/cloudevents-batch+json, application/json")
	if method == http.MethodPost {
		req.Header.Set("Idempotency-Key", fmt.Sprintf("percobaan-%04d", c.tries))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("If-Match", c.etag(path))
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return res.StatusCode, string(answer)
}

// etag of the stream that a path names.
func (c *town) etag(path string) string {
	parts := strings.Split(path, "/")
	category := map[string]string{"reports": "progress", "feedback": "feedback", "plans": "plan", "appraisals": "appraisal",
		"units": "unit", "people": "person", "indicators": "indicator", "policies": "policy"}
	if len(parts) < 4 {
		return `"0"`
	}
	history, err := c.store.Load(c.t.Context(), category[parts[2]]+"-"+parts[3])
	if err != nil {
		c.t.Fatal(err)
	}
	return fmt.Sprintf("%q", fmt.Sprint(max(0, len(history)-1)))
}
