package person

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// GrantRole lets the person act for an office of the city. Istilah: berikan peran.
type GrantRole struct {
	Role Role
	From domain.Date
}

func (GrantRole) personCommand() {}

func decideGrantRole(s State, c GrantRole) ([]Event, error) {
	if err := serving(s, c.From); err != nil {
		return nil, err
	}
	if !slices.Contains(Roles, c.Role) {
		return nil, domain.Bad("role", "role-unknown", "role is one of %v", Roles)
	}
	for _, g := range s.Grants {
		over := g.Span.Until != "" && g.Span.Until < c.From
		switch {
		case over:
			continue
		case g.Role == c.Role && g.Span.Until == "" && g.Span.From <= c.From:
			return nil, nil
		case g.Role != c.Role && (g.Role == SystemAdministrator || c.Role == SystemAdministrator):
			return nil, domain.Refuse("roles-exclude-each-other",
				"who runs the machine holds no other role: %s and %s exclude each other", c.Role, g.Role)
		}
	}
	return []Event{RoleGranted(c)}, nil
}
