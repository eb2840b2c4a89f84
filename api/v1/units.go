package v1

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/unit"
	"github.com/jejak-kinerja/jejak/projections/directory"
)

// Unit is an organisation unit today.
type Unit struct {
	Unit     domain.UnitID   `json:"unit"`
	Code     string          `json:"code,omitempty"`
	Name     string          `json:"name"`
	Kind     unit.Kind       `json:"kind" enum:"kota,perangkat-daerah,bagian,uptd,kecamatan,gampong"`
	Parent   domain.UnitID   `json:"parent,omitempty"`
	From     domain.Date     `json:"from"`
	LastDay  domain.Date     `json:"last_day,omitempty"`
	Head     *Person         `json:"head,omitempty" doc:"Missing when the post is vacant"`
	Capacity domain.Capacity `json:"capacity,omitempty" doc:"In which the head leads"`
	Aliases  []string        `json:"aliases,omitempty" doc:"Older codes"`
	Origin   string          `json:"origin,omitempty" doc:"Public source of the entry"`
	Position uint64          `json:"position"`
}

// UnitPath names a unit.
type UnitPath struct {
	Unit domain.UnitID `path:"unit" maxLength:"64" doc:"The unit"`
}

func (k *desk) units() {
	k.unitWriting()
	k.unitHeads()
	read(k, operation{id: "list-units", path: "/v1/units", tag: "units", summary: "All units, closed ones too, by code"},
		func(ctx context.Context, in *struct{ Reading }) (*Page[Unit], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			rows, err := directory.Units(ctx, k.Read, k.today())
			if err != nil {
				return nil, err
			}
			views, err := k.unitViews(ctx, rows)
			return all(views, fresh), err
		})
	read(k, operation{id: "get-unit", path: "/v1/units/{unit}", tag: "units", summary: "One unit and who leads it"},
		func(ctx context.Context, in *struct {
			Reading
			UnitPath
		}) (*One[Unit], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			row, err := directory.FindUnit(ctx, k.Read, k.today(), in.Unit)
			if err != nil {
				return nil, err
			}
			views, err := k.unitViews(ctx, []directory.Unit{row})
			if err != nil {
				return nil, err
			}
			return &One[Unit]{Fresh: fresh, ETag: revision(row.Revision), Body: views[0]}, nil
		})
	read(k, operation{id: "list-staff", path: "/v1/units/{unit}/staff", tag: "units", summary: "Who has the main post in a unit"},
		func(ctx context.Context, in *struct {
			Listing
			UnitPath
		}) (*Page[Servant], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			rows, err := directory.Staff(ctx, k.Read, k.today(), in.Unit, in.page())
			if err != nil {
				return nil, err
			}
			views, err := k.servants(ctx, rows.Items)
			if err != nil {
				return nil, err
			}
			page := pageOf(views, rows.Next, "/v1/units/"+string(in.Unit)+"/staff", in.sized())
			page.Fresh = fresh
			return page, nil
		})
}

func (k *desk) unitViews(ctx context.Context, rows []directory.Unit) ([]Unit, error) {
	var people []domain.PersonID
	for _, u := range rows {
		people = append(people, u.Head)
	}
	l, err := k.legend(ctx, nil, people)
	if err != nil {
		return nil, err
	}
	views := make([]Unit, len(rows))
	for i, u := range rows {
		views[i] = Unit{Unit: u.Unit, Code: u.Code, Name: u.Name, Kind: u.Kind, Parent: u.Parent, From: u.From, LastDay: u.LastDay,
			Head: l.person(u.Head), Capacity: u.Capacity, Aliases: u.Aliases, Origin: u.Origin, Position: u.Position}
	}
	return views, nil
}
