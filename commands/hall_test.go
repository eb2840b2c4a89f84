package commands_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/commands/memstore"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
)

// The people of these tests, all invented. Ina works under Budi since June, under
// Eko before; Cut leads Budi, Eko and Dewi; Fitri is of the personnel agency;
// Gani has retired.
const (
	ina   domain.PersonID = "ina"
	budi  domain.PersonID = "budi"
	eko   domain.PersonID = "eko"
	cut   domain.PersonID = "cut"
	dewi  domain.PersonID = "dewi"
	fitri domain.PersonID = "fitri"
	gani  domain.PersonID = "gani"
)

// hall is an office with these people in it, on Monday, 23 November 2026.
type hall struct {
	*commands.Office
	t     *testing.T
	log   *memstore.Store
	chest *chest
}

func newHall(t *testing.T) hall {
	t.Helper()
	known, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC) }
	log, vault := memstore.New(known, now), &chest{}
	h := hall{t: t, log: log, chest: vault, Office: &commands.Office{
		Store: log, Vault: vault, Clock: now, Zone: time.FixedZone("WIB", 7*60*60),
		Salt: func() string { return "AAAAAAAAAAAAAAAAAAAAAA" },
	}}
	for id, superiors := range map[domain.PersonID][]person.ReportingLineSet{
		ina:  {{Superior: eko, From: "2025-01-01"}, {Superior: budi, From: "2026-06-01"}},
		budi: {{Superior: cut, From: "2025-01-01"}}, eko: {{Superior: cut, From: "2025-01-01"}}, dewi: {{Superior: cut, From: "2025-01-01"}},
		cut: nil, fitri: nil, gani: {{Superior: cut, From: "2025-01-01"}},
	} {
		level := person.Executive
		if id == cut {
			level = person.SeniorLeader
		}
		h.given("person", string(id), person.Registered{Person: id, Employment: person.PNS, Invented: true},
			person.PostAssigned{Post: "p1", Title: "Analis", Level: level, Unit: "dinas", From: "2025-01-01"})
		for _, line := range superiors {
			h.given("person", string(id), line)
		}
	}
	h.given("person", "fitri", person.RoleGranted{Role: person.PersonnelAgency, From: "2025-01-01"})
	h.given("person", "gani", person.Separated{LastDay: "2026-01-31", Cause: person.Retired})
	return h
}

// given stores facts that happened before.
func (h hall) given(category, id string, facts ...any) {
	h.t.Helper()
	stream := category + "-" + id
	held, err := h.log.Load(context.Background(), stream)
	if err != nil {
		h.t.Fatal(err)
	}
	var events []commands.NewEvent
	for n, fact := range facts {
		events = append(events, commands.NewEvent{ID: domain.EventID(fmt.Sprintf("%s/%d", stream, len(held)+n)), Body: fact,
			Meta: domain.Meta{Command: "before-this-test", Capacity: domain.System}})
	}
	if _, err := h.log.Append(context.Background(), stream, int64(len(held))-1, events); err != nil {
		h.t.Fatal(err)
	}
}

// facts gives the bodies of a stream, from a revision on.
func (h hall) facts(stream string, from int) []any {
	h.t.Helper()
	held, err := h.log.Load(context.Background(), stream)
	if err != nil {
		h.t.Fatal(err)
	}
	var bodies []any
	for _, r := range held[from:] {
		bodies = append(bodies, r.Body)
	}
	return bodies
}

// last gives the newest fact of the log.
func (h hall) last() domain.Recorded {
	all := h.log.All()
	return all[len(all)-1]
}

func as(who domain.PersonID) commands.Ask {
	return commands.Ask{Key: "key-of-" + domain.CommandID(who) + "-1", Actor: who, Source: domain.FromPage}
}

// chest is a vault whose digests follow from what they bind, so that tests can
// name them. It counts what it keeps, and fails when broken.
type chest struct {
	kept   int
	broken error
}

func (c *chest) Seal(_ context.Context, about domain.PersonID, field, text string) (domain.Sealed, error) {
	if text == "" || c.broken != nil {
		return "", c.broken
	}
	c.kept++
	return sealed(about, field, text), nil
}

func (c *chest) SealFile(_ context.Context, about domain.PersonID, mediaType string, content []byte) (domain.Evidence, error) {
	c.kept++
	return domain.Evidence{Digest: sealed(about, "file", string(content)), MediaType: mediaType, SizeBytes: int64(len(content))}, c.broken
}

func (c *chest) Identify(context.Context, domain.PersonID, commands.Identity) error { return c.broken }

func (c *chest) FindByNIP(context.Context, string) (domain.PersonID, bool, error) {
	return "", false, c.broken
}

func sealed(about domain.PersonID, field, text string) domain.Sealed {
	sum := sha256.Sum256([]byte(string(about) + "\x00" + field + "\x00" + text))
	return domain.Sealed(base64.RawURLEncoding.EncodeToString(sum[:]))
}

// What happened before: Ina's plan, reports, feedback and appraisal.
var (
	planOpened = plan.Opened{Plan: "p", Person: ina, Appraiser: budi, Unit: "dinas", Post: "Analis",
		Span: domain.Span{From: "2026-01-01", Until: "2026-12-31"}}
	planAdded    = plan.ResultAdded{Result: "r1", Kind: plan.Main, Wording: "Terlaksananya layanan perizinan"}
	planMeasured = plan.IndicatorSet{Result: "r1", Key: "i1", Wording: "Jumlah layanan", Aspect: plan.Quantity, Target: 1200, Measure: "laporan"}
	planContent  = plan.ContentDigest(plan.Decider.Fold(plan.State{}, planOpened, planAdded, planMeasured).Draft)

	planWritten     = []any{planOpened, planAdded, planMeasured}
	planSubmitted   = append(planWritten[:3:3], plan.Submitted{Content: planContent}, plan.SignedByEmployee{Content: planContent})
	planEstablished = append(planSubmitted[:5:5], plan.SignedByAppraiser{Content: planContent}, plan.Established{Content: planContent, Version: 1})

	workReported = progress.Reported{Report: "x", Person: ina, Superior: budi, Unit: "dinas", On: "2026-11-20",
		Text: sealed(ina, "text", "Melayani 4 pemohon"), Evidence: []domain.Evidence{{Digest: "photo", MediaType: "image/png", SizeBytes: 9}}}
	workQuestioned = progress.Questioned{By: budi, Question: sealed(ina, "question", "Izin apa?")}

	wordGiven = feedback.Given{Feedback: "f", About: ina, Unit: "dinas", By: budi, Relation: feedback.FromSuperior, Tone: feedback.Praise, Text: "t"}

	appraisalOpened = appraisal.Opened{Appraisal: "a", Person: ina, Appraiser: budi, Unit: "dinas", Plan: "p", Kind: appraisal.Annual,
		Span: domain.Span{From: "2026-01-01", Until: "2026-12-31"}}
	appraisalReached   = appraisal.RealisationRecorded{Result: "r1", Reports: []domain.ReportID{"x"}}
	appraisalRated     = []any{appraisalOpened, appraisalReached, appraisal.ResultRated{Rating: appraisal.Above}, appraisal.BehaviourRated{Values: sevenValues(), Rating: appraisal.Above}, appraisal.PredicateDerived{Result: appraisal.Above, Behaviour: appraisal.Above, Predicate: appraisal.VeryGood}}
	appraisalDelivered = append(appraisalRated[:5:5], appraisal.Delivered{})
)

func sevenValues() []appraisal.ValueRating {
	var list []appraisal.ValueRating
	for _, v := range domain.Values {
		list = append(list, appraisal.ValueRating{Value: v, Rating: appraisal.Above})
	}
	return list
}
