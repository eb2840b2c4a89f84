package v1

import (
	"context"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// personTurns correct what is on file, and end it.
func (k *desk) personTurns() {
	order(k, operation{id: "correct-reporting-line", path: "/v1/people/{person}/reporting-line-corrections", tag: "people",
		summary: "Replace a wrong superior on file", description: "By the personnel agency, for the same first day."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			PersonPath
			Body struct {
				From     domain.Date     `json:"from" format:"date"`
				Superior domain.PersonID `json:"superior" minLength:"1" maxLength:"64"`
				Reason   string          `json:"reason" minLength:"1" maxLength:"4000"`
			}
		}) (commands.Outcome, error) {
			b := in.Body
			return k.Office.CorrectReportingLine(ctx, ask, commands.CorrectReportingLine{Person: in.Person, From: b.From, Superior: b.Superior, Reason: b.Reason})
		})
	order(k, operation{id: "question-reporting-line", path: "/v1/line-questions", tag: "people",
		summary: "Say that the superior on file is not yours", description: "For yourself."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Asking
			Body struct {
				Note string `json:"note,omitempty" maxLength:"4000"`
			}
		}) (commands.Outcome, error) {
			return k.Office.QuestionLine(ctx, ask, in.Body.Note)
		})
	order(k, operation{id: "grant-role", path: "/v1/people/{person}/roles", tag: "people",
		summary: "Let a person act for an office of the city", description: "By the personnel agency."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			PersonPath
			Body Grant
		}) (commands.Outcome, error) {
			return k.Office.GrantRole(ctx, ask, in.Person, person.GrantRole(in.Body))
		})
	order(k, operation{id: "revoke-role", path: "/v1/people/{person}/role-revocations", tag: "people",
		summary: "Take a role away after a day", description: "By the personnel agency."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			PersonPath
			Body struct {
				Role    person.Role `json:"role" enum:"bkpsdm,inspektorat,bagian-organisasi,pimpinan-kota,admin-sistem"`
				LastDay domain.Date `json:"last_day" format:"date"`
			}
		}) (commands.Outcome, error) {
			return k.Office.RevokeRole(ctx, ask, in.Person, person.RevokeRole(in.Body))
		})
	order(k, operation{id: "separate-person", path: "/v1/people/{person}/separation", tag: "people",
		summary: "End a person's service", description: "By the personnel agency."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			PersonPath
			Body struct {
				LastDay domain.Date  `json:"last_day" format:"date"`
				Cause   person.Cause `json:"cause" enum:"pensiun,berhenti,pindah,meninggal"`
			}
		}) (commands.Outcome, error) {
			return k.Office.Separate(ctx, ask, in.Person, person.Separate(in.Body))
		})
}
