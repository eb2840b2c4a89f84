package vault

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jejak-kinerja/jejak/domain"
)

// unreachable says in the words of the domain that the database could not be
// asked; everything else passes unchanged.
func unreachable(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || domain.KindOf(err) != 0 {
		return err
	}
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	answer, answered := errors.AsType[*pgconn.PgError](err)
	// Class 57: the server is starting or stopping; 53: it has too few resources.
	stopping := answered && len(answer.Code) == 5 && (answer.Code[:2] == "57" || answer.Code[:2] == "53")
	if !connecting && !stopping && !pgconn.Timeout(err) && !pgconn.SafeToRetry(err) {
		return err
	}
	refusal := &domain.Error{Kind: domain.Unavailable, Slug: "vault-unreachable", Detail: "the vault does not answer"}
	return fmt.Errorf("%w: %w", refusal, err)
}
