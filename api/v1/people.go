package v1

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/projections/directory"
)

// Servant is a civil servant as everybody in the house may know them.
type Servant struct {
	Person
	Employment person.Employment `json:"employment"`
	Invented   bool              `json:"invented,omitempty" doc:"A person of the demonstration"`
	Title      string            `json:"title,omitempty" doc:"Main post"`
	Level      person.Level      `json:"level,omitempty"`
	Unit       domain.UnitID     `json:"unit,omitempty"`
	UnitName   string            `json:"unit_name,omitempty"`
	Superior   domain.PersonID   `json:"superior,omitempty" doc:"Direct superior"`
	Roles      []person.Role     `json:"roles"`
	Questioned bool              `json:"line_questioned,omitempty" doc:"The person says that the superior on file is wrong"`
	LastDay    domain.Date       `json:"last_day,omitempty" doc:"Of service"`
	Position   uint64            `json:"position"`
}

func (k *desk) people() {
	k.personWriting()
	k.personTurns()
	read(k, operation{id: "get-person", path: "/v1/people/{person}", tag: "people",
		summary: "Who somebody is", description: "Name, post, unit and superior, open to everybody in the house."},
		func(ctx context.Context, in *struct {
			Reading
			PersonPath
		}) (*One[Servant], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			row, err := directory.FindPerson(ctx, k.Read, k.today(), in.Person)
			if err != nil {
				return nil, err
			}
			views, err := k.servants(ctx, []directory.Person{row})
			if err != nil {
				return nil, err
			}
			return &One[Servant]{Fresh: fresh, ETag: revision(row.Revision), Body: views[0]}, nil
		})
	read(k, operation{id: "list-subordinates", path: "/v1/people/{person}/subordinates", tag: "people",
		summary: "Whose direct superior somebody is"},
		func(ctx context.Context, in *struct {
			Listing
			PersonPath
		}) (*Page[Servant], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			rows, err := directory.Subordinates(ctx, k.Read, k.today(), in.Person, in.page())
			if err != nil {
				return nil, err
			}
			views, err := k.servants(ctx, rows.Items)
			if err != nil {
				return nil, err
			}
			page := pageOf(views, rows.Next, "/v1/people/"+string(in.Person)+"/subordinates", in.sized())
			page.Fresh = fresh
			return page, nil
		})
}

func (k *desk) servants(ctx context.Context, rows []directory.Person) ([]Servant, error) {
	var people []domain.PersonID
	for _, p := range rows {
		people = append(people, p.Person)
	}
	l, err := k.legend(ctx, nil, people)
	if err != nil {
		return nil, err
	}
	views := make([]Servant, len(rows))
	for i, p := range rows {
		views[i] = Servant{
			Person: *l.person(p.Person), Employment: p.Employment, Invented: p.Invented, Title: p.Title, Level: p.Level,
			Unit: p.Unit, UnitName: p.UnitName, Superior: p.Superior, Roles: p.Roles, Questioned: p.Questioned,
			LastDay: p.LastDay, Position: p.Position,
		}
		if p.Roles == nil {
			views[i].Roles = []person.Role{}
		}
	}
	return views, nil
}
