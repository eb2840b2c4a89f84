package commands

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
)

// order carries out an order in which nobody writes freely. Access gives the
// authority to record, after every check against other streams.
func order[S, C, E any](ctx context.Context, o *Office, ask Ask, d domain.Decider[S, C, E], id, verb string, command C, access func() (string, error)) (Outcome, error) {
	content, err := spell(command)
	if err != nil {
		return Outcome{}, err
	}
	req := o.request(ask, "", "", d.Category, id, verb, content)
	return carry(ctx, o, d, id, req, func(_ S, m *domain.Meta) (orders[C], error) {
		var err error
		m.Authority, err = access()
		return func(*words) []C { return []C{command} }, err
	})
}

// checked joins access with checks against other streams, which come after it:
// who may not ask learns nothing.
func checked(access func() (string, error), checks ...func() error) func() (string, error) {
	return func() (string, error) {
		authority, err := access()
		for _, check := range checks {
			if err != nil {
				return "", err
			}
			err = check()
		}
		return authority, err
	}
}
