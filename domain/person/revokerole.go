package person

import "github.com/jejak-kinerja/jejak/domain"

// RevokeRole takes a role away. To take it away at once, the last day is
// yesterday, even when the role was given today. Istilah: cabut peran.
type RevokeRole struct {
	Role    Role
	LastDay domain.Date
}

func (RevokeRole) personCommand() {}

func decideRevokeRole(s State, c RevokeRole) ([]Event, error) {
	if err := known(s); err != nil {
		return nil, err
	}
	if err := domain.CheckDate("last_day", c.LastDay); err != nil {
		return nil, err
	}
	already := false
	for _, g := range s.Grants {
		switch {
		case g.Role != c.Role:
			continue
		case g.Span.Until == "" && c.LastDay < g.Span.From.AddDays(-1):
			return nil, domain.Bad("last_day", "last-day-before-start", "the role is held from %s on", g.Span.From)
		case g.Span.Until == "":
			return []Event{RoleRevoked(c)}, nil
		}
		already = already || g.Span.Until == c.LastDay
	}
	if already {
		return nil, nil
	}
	return nil, domain.Refuse("role-not-held", "the person does not hold the role %s", c.Role)
}
