package api_test

import (
	"time"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/token"
	"github.com/jejak-kinerja/jejak/domain"
)

// tokenFor makes a token that speaks for a person.
func (c *town) tokenFor(p domain.PersonID, scopes ...caller.Scope) string {
	c.t.Helper()
	_, secret, err := c.tokens.Create(c.t.Context(), token.New{Person: p, Name: "uji", Scopes: scopes, Life: time.Hour})
	if err != nil {
		c.t.Fatal(err)
	}
	return secret
}
