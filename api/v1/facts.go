package v1

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
)

// Fact is one event of the record.
type Fact struct {
	Position    uint64             `json:"position" doc:"Place in the whole log, from 1"`
	Stream      string             `json:"stream"`
	Revision    uint64             `json:"revision" doc:"Place in its stream, from 0"`
	Event       domain.EventID     `json:"event"`
	Name        string             `json:"name" example:"plan.submitted.v1"`
	RecordedAt  time.Time          `json:"recorded_at" doc:"When we took it down"`
	EffectiveAt time.Time          `json:"effective_at" doc:"Since when it holds"`
	Day         domain.Date        `json:"day" doc:"Office day on which it happened"`
	StoredAt    time.Time          `json:"stored_at" doc:"The event store's own time"`
	Actor       *Person            `json:"actor,omitempty" doc:"Missing when a program acted by rule"`
	Capacity    domain.Capacity    `json:"capacity" enum:"definitif,plt,plh,delegasi,system"`
	OnBehalfOf  *Person            `json:"on_behalf_of,omitempty"`
	Authority   string             `json:"authority" doc:"Rule that allowed it"`
	Reason      *Words             `json:"reason,omitempty"`
	Source      domain.Source      `json:"source" enum:"page,api,import,demo,rule"`
	Policy      string             `json:"policy,omitempty" doc:"Policy version that was used"`
	Correlation string             `json:"correlation,omitempty"`
	Causation   string             `json:"causation,omitempty"`
	Command     domain.CommandID   `json:"command" doc:"Idempotency-Key of the request"`
	Request     string             `json:"request" doc:"Digest that binds the request's content"`
	Salt        string             `json:"salt" doc:"Random part of the event's digest"`
	Subject     *Person            `json:"subject,omitempty" doc:"Whom it is about"`
	Unit        domain.UnitID      `json:"unit,omitempty"`
	Indicator   domain.IndicatorID `json:"indicator,omitempty"`
	Plan        domain.PlanID      `json:"plan,omitempty"`
	Result      domain.ResultID    `json:"result,omitempty"`
	Value       string             `json:"value,omitempty" doc:"What it says in one word"`
	Kind        string             `json:"kind,omitempty"`
	Period      string             `json:"period,omitempty"`
	Body        json.RawMessage    `json:"body" doc:"The fact as stored: canonical JSON (RFC 8785)"`
}

func (k *desk) facts(ctx context.Context, entries []audittrail.Entry) ([]Fact, error) {
	var sealed []domain.Sealed
	var people []domain.PersonID
	for _, e := range entries {
		sealed = append(sealed, e.Reason)
		people = append(people, e.Actor, e.OnBehalfOf, e.Subject)
	}
	l, err := k.legend(ctx, sealed, people)
	if err != nil {
		return nil, err
	}
	facts := make([]Fact, len(entries))
	for i, e := range entries {
		facts[i] = Fact{
			Position: e.Position, Stream: e.Stream, Revision: e.Revision, Event: e.Event, Name: e.Name,
			RecordedAt: e.RecordedAt, EffectiveAt: e.EffectiveAt, Day: e.Day, StoredAt: e.StoredAt,
			Actor: l.person(e.Actor), Capacity: e.Capacity, OnBehalfOf: l.person(e.OnBehalfOf), Authority: e.Authority,
			Reason: l.words(e.Reason), Source: e.Source, Policy: e.Policy, Correlation: e.Correlation, Causation: e.Causation,
			Command: e.Command, Request: e.Request, Salt: e.Salt, Subject: l.person(e.Subject), Unit: e.Unit,
			Indicator: e.Indicator, Plan: e.Plan, Result: e.Result, Value: e.Value, Kind: e.Kind, Period: e.Period, Body: e.Body,
		}
	}
	return facts, nil
}
