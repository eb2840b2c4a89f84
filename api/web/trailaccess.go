package web

import (
	"context"
	"slices"
	"strings"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
)

// impersonal categories say nothing about a person and are open to the public.
var impersonal = []string{"indicator", "unit", "policy"}

// counted are facts that city and unit pages count week by week for everybody in
// the house; a list of them says no more, once people are taken out.
var counted = []string{"progress.reported.v1", "feedback.given.v1"}

// seesAll says whether the caller may read every person's record by role.
func seesAll(c caller.Caller) bool {
	return slices.ContainsFunc([]person.Role{person.Inspectorate, person.PersonnelAgency, person.CityLeadership}, c.Has)
}

// trailIsOpen refuses a trail that reaches beyond what the caller may read. Every
// part of a filter narrows, so one part that keeps to the allowed is enough.
func (s *Site) trailIsOpen(ctx context.Context, tr projections.Trail) error {
	c := caller.From(ctx)
	switch {
	case isImpersonal(tr):
		return nil
	case !c.Known():
		return &domain.Error{Kind: domain.Unauthenticated, Slug: "login-needed", Detail: "nobody is logged in"}
	case seesAll(c), tr.Actor == c.Person, isCount(tr):
		return nil
	case tr.Subject != "":
		return s.maySee(ctx, tr.Subject)
	case tr.Stream != "":
		return s.streamIsOpen(ctx, tr.Stream)
	case tr.Plan != "":
		return s.streamIsOpen(ctx, "plan-"+string(tr.Plan))
	case tr.Unit != "":
		details, err := s.unitDetails(ctx, tr.Unit)
		if err != nil || details {
			return err
		}
	}
	return domain.Forbid("trail-not-open", "these facts are about people whose record is not open to the caller")
}

// isCount says whether a trail is behind a figure that everybody in the house is
// shown, and has no part that would single somebody out.
func isCount(tr projections.Trail) bool {
	for _, field := range []string{string(tr.Actor), string(tr.Subject), tr.Stream, string(tr.Plan), string(tr.Result), tr.Correlation, string(tr.Command), tr.Value, tr.Kind} {
		if field != "" {
			return false
		}
	}
	if tr.StaffOn != "" || tr.SilentOn != "" {
		return true
	}
	return len(tr.Names) > 0 && !slices.ContainsFunc(tr.Names, func(n string) bool { return !slices.Contains(counted, n) })
}

func isImpersonal(tr projections.Trail) bool {
	category, _, _ := strings.Cut(tr.Stream, "-")
	if tr.Indicator != "" || slices.Contains(impersonal, tr.Category) || slices.Contains(impersonal, category) {
		return true
	}
	return len(tr.Names) > 0 && !slices.ContainsFunc(tr.Names, func(n string) bool {
		category, _, _ := strings.Cut(n, ".")
		return !slices.Contains(impersonal, category)
	})
}

// streamIsOpen looks whom the stream is about, and who began it: the giver of a
// feedback, the appraiser.
func (s *Site) streamIsOpen(ctx context.Context, stream string) error {
	first, err := audittrail.AtRevision(ctx, s.Read, stream, 0)
	if err != nil {
		return err
	}
	return s.entryIsOpen(ctx, first)
}

func (s *Site) entryIsOpen(ctx context.Context, e audittrail.Entry) error {
	who := caller.From(ctx)
	category, _, _ := strings.Cut(e.Stream, "-")
	switch {
	case slices.Contains(impersonal, category), who.Known() && e.Actor == who.Person, seesAll(who):
		return nil
	case !who.Known():
		return &domain.Error{Kind: domain.Unauthenticated, Slug: "login-needed", Detail: "nobody is logged in"}
	case e.Subject == "":
		return domain.Forbid("trail-not-open", "nothing says about whom the fact is")
	}
	return s.maySee(ctx, e.Subject)
}

// hiddenPerson stands for somebody whose record is not open to the caller.
const hiddenPerson domain.PersonID = "-"

// hideUnseen takes people and reasons out of facts that the caller may count but
// not read: behind a figure there are facts, and in them people.
func (s *Site) hideUnseen(ctx context.Context, entries []audittrail.Entry) error {
	who := caller.From(ctx)
	if seesAll(who) {
		return nil
	}
	seen := map[domain.PersonID]bool{who.Person: true, "": false} // about whom nobody says: for those who see all
	for i, e := range entries {
		category, _, _ := strings.Cut(e.Stream, "-")
		if slices.Contains(impersonal, category) {
			continue
		}
		may, asked := seen[e.Subject]
		if !asked {
			sight, err := s.Lookup.MaySee(ctx, who.Person, e.Subject)
			if err != nil && domain.KindOf(err) != domain.NotFound {
				return err
			}
			may = err == nil && sight == commands.Full
			seen[e.Subject] = may
		}
		if !may && (e.Actor != who.Person || who.Person == "") {
			entries[i] = audittrail.Entry{Position: e.Position, Name: e.Name, Subject: hiddenPerson, Day: e.Day}
		}
	}
	return nil
}

// gatherEntry takes what a fact's row shows; why something was done is for the
// house, not for the public.
func gatherEntry(ctx context.Context, g *gathering, e audittrail.Entry) {
	g.person(e.Actor, e.Subject, e.OnBehalfOf)
	if caller.From(ctx).Known() {
		g.text(e.Reason)
	}
}

// revealEntries reveals who did a fact, to whom and why; more are people the page
// names besides.
func (s *Site) revealEntries(ctx context.Context, entries []audittrail.Entry, more ...domain.PersonID) error {
	g := gather().person(more...)
	for _, e := range entries {
		if e.Subject != hiddenPerson {
			gatherEntry(ctx, g, e)
		}
	}
	return s.reveal(ctx, g)
}
