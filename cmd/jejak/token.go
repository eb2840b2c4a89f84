package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/token"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// tokenCommand looks after the tokens by which programs use the API.
type tokenCommand struct {
	Create tokenCreate `cmd:"" help:"Make a token; its secret is shown once."`
	List   tokenList   `cmd:"" help:"List tokens, without their secrets."`
	Revoke tokenRevoke `cmd:"" help:"Close a token for good."`
}

type tokenCreate struct {
	Person string         `required:"" help:"Id of the person for whom the token speaks."`
	Scopes []caller.Scope `name:"scope" required:"" help:"What it may do: read, write, feed."`
	Name   string         `required:"" help:"What it is for."`
	For    time.Duration  `default:"2160h" help:"How long it lives, at most a year."`
}

// Run prints the secret on the output, once.
func (t tokenCreate) Run(ctx context.Context, c *Config, term terminal) error {
	return withTokens(ctx, c, term, withLedger, func(r *rooms, s *token.Store) error {
		if _, err := r.office.PersonState(ctx, domain.PersonID(t.Person)); err != nil {
			return fmt.Errorf("--person %s: %w", t.Person, err)
		}
		made, secret, err := s.Create(ctx, token.New{Person: domain.PersonID(t.Person), Scopes: t.Scopes, Name: t.Name, Life: t.For})
		if err != nil {
			return err
		}
		fmt.Fprintf(term.err, "token %s until %s; this is the only time its secret is shown\n", made.ID, made.ExpiresAt.Format(time.RFC3339))
		_, err = fmt.Fprintln(term.out, secret)
		return err
	})
}

type tokenList struct {
	Person string `help:"Only those of one person."`
	listFlag
}

// Run lists the tokens, the newest first.
func (t tokenList) Run(ctx context.Context, c *Config, term terminal) error {
	return withTokens(ctx, c, term, withDatabase, func(_ *rooms, s *token.Store) error {
		tokens, err := s.List(ctx, domain.PersonID(t.Person))
		if err != nil {
			return err
		}
		return list(term, t.listFlag, tokens, tokenTable, tokenLine)
	})
}

var tokenTable = table[token.Token]{
	[]string{"ID", "PERSON", "NAME", "SCOPES", "CREATED", "EXPIRES", "LAST USED", "REVOKED"},
	func(t token.Token) []any {
		return []any{t.ID, t.Person, t.Name, t.Scopes, t.CreatedAt, t.ExpiresAt, t.LastUsedAt, t.RevokedAt}
	},
}

func tokenLine(t token.Token) any {
	return map[string]any{"id": t.ID, "person": t.Person, "name": t.Name, "scopes": t.Scopes, "created_at": t.CreatedAt,
		"expires_at": t.ExpiresAt, "last_used_at": t.LastUsedAt, "revoked_at": t.RevokedAt}
}

type tokenRevoke struct {
	ID string `arg:"" help:"Id of the token, as token list shows it."`
}

// Run revokes; revoking again changes nothing.
func (t tokenRevoke) Run(ctx context.Context, c *Config, term terminal) error {
	return withTokens(ctx, c, term, withDatabase, func(_ *rooms, s *token.Store) error { return s.Revoke(ctx, t.ID) })
}

// opener is withLedger, or withDatabase.
type opener func(context.Context, *Config, terminal, func(*rooms) error) error

func withTokens(ctx context.Context, c *Config, term terminal, with opener, work func(*rooms, *token.Store) error) error {
	return with(ctx, c, term, func(r *rooms) error {
		s, err := token.Open(ctx, r.pool, clock.Now)
		if err != nil {
			return err
		}
		return work(r, s)
	})
}
