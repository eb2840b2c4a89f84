package v1

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

func (k *desk) appraisalViews(ctx context.Context, rows []personpage.Appraisal) ([]Appraisal, error) {
	l, err := k.legend(ctx, sealedIn(rows), peopleIn(rows))
	if err != nil {
		return nil, err
	}
	views := make([]Appraisal, len(rows))
	for i, a := range rows {
		views[i] = Appraisal{
			Appraisal: a.Appraisal, Person: l.person(a.Person), Appraiser: l.person(a.Appraiser), Unit: a.Unit, Plan: a.Plan, Kind: a.Kind,
			From: a.From, Until: a.Until, ResultRating: a.ResultRating, ResultNote: l.words(a.ResultNote),
			BehaviourRating: a.BehaviourRating, BehaviourNote: l.words(a.BehaviourNote), Predicate: a.Predicate,
			OpenedAt: a.OpenedAt, DeliveredAt: a.DeliveredAt, ReceivedAt: a.ReceivedAt, Revision: a.Revision, Position: a.Position,
		}
		for _, v := range a.Values {
			views[i].Values = append(views[i].Values, ValueRating(v))
		}
		for _, r := range a.Realisations {
			views[i].Realisations = append(views[i].Realisations, Realisation{Result: r.Result, Quantity: r.Quantity, Measure: r.Measure,
				Reports: r.Reports, NoEvidence: l.words(r.NoEvidence)})
		}
		for _, c := range a.Changes {
			views[i].Changes = append(views[i].Changes, ScoreChange{Dimension: c.Dimension, Old: c.Old, New: c.New, Reason: l.words(c.Reason),
				Authority: c.Authority, Reference: c.Reference, By: l.person(c.By), Capacity: c.Capacity, At: c.At, Position: c.Position})
		}
	}
	return views, nil
}

func sealedIn(rows []personpage.Appraisal) []domain.Sealed {
	var sealed []domain.Sealed
	for _, a := range rows {
		sealed = append(sealed, a.ResultNote, a.BehaviourNote)
		for _, r := range a.Realisations {
			sealed = append(sealed, r.NoEvidence)
		}
		for _, c := range a.Changes {
			sealed = append(sealed, c.Reason)
		}
	}
	return sealed
}

func peopleIn(rows []personpage.Appraisal) []domain.PersonID {
	var people []domain.PersonID
	for _, a := range rows {
		people = append(people, a.Person, a.Appraiser)
		for _, c := range a.Changes {
			people = append(people, c.By)
		}
	}
	return people
}
