package node

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// errDeposed: another node leads. What this one had sent is stored by now, or
// never will be: its term is over and the fence refuses it.
var errDeposed = errors.New("another node leads")

func (s *session) stand(self member) { s.self = self }

// beat tells the others that the leader lives, on the writing session itself: a
// sign of life from elsewhere would say nothing about the ability to write.
func (s *session) beat(ctx context.Context) error {
	if s.conn == nil {
		return errNoSession
	}
	if _, err := s.conn.Exec(ctx, fence, s.epoch); err != nil {
		return fmt.Errorf("sign of life: %w", err)
	}
	return nil
}

const selectAt = `select exists (select from eventstore.events where pos = $1 and id = $2)`

// holds asks on a connection of its own, as the session may be lost or another's.
func (s *session) holds(ctx context.Context, pos int64, id uuid.UUID) (found bool, err error) {
	conn, err := pgx.ConnectConfig(ctx, s.config.Copy())
	if err != nil {
		return false, fmt.Errorf("look for position %d: connect: %w", pos, err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if err := prepareConnection(ctx, conn); err != nil {
		return false, err
	}
	if err := conn.QueryRow(ctx, selectAt, pos, [16]byte(id)).Scan(&found); err != nil {
		return false, fmt.Errorf("look for position %d: %w", pos, err)
	}
	return found, nil
}
