package v1

import (
	"context"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// Me is who asks, as we know them.
type Me struct {
	Person *Person        `json:"person"`
	Unit   domain.UnitID  `json:"unit,omitempty"`
	Roles  []person.Role  `json:"roles"`
	Scopes []caller.Scope `json:"scopes,omitempty" doc:"What the token may be used for; missing for a session"`
	Today  domain.Date    `json:"today" doc:"The office's calendar day"`
}

func (k *desk) me() {
	read(k, operation{id: "get-me", path: "/v1/me", tag: "me", summary: "Who you are here"},
		func(ctx context.Context, in *struct{ Reading }) (*One[Me], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			c := caller.From(ctx)
			l, err := k.legend(ctx, nil, []domain.PersonID{c.Person})
			if err != nil {
				return nil, err
			}
			me := Me{Person: l.person(c.Person), Unit: c.Unit, Roles: c.Roles, Scopes: c.Scopes, Today: k.today()}
			if me.Roles == nil {
				me.Roles = []person.Role{}
			}
			return &One[Me]{Fresh: fresh, Body: me}, nil
		})
}
