package problem

import (
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jejak-kinerja/jejak/domain"
)

// Outage gives the refusal for an error that says only that the database is away
// for now: it starts, stops, lost this connection, or has no room; nil for any
// other error. What was written, if anything, is not known from it: events are
// written through the event store, whose own refusal comes first.
func Outage(err error) *domain.Error {
	if err == nil || domain.KindOf(err) != 0 {
		return nil
	}
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	_, network := errors.AsType[*net.OpError](err)
	answer, answered := errors.AsType[*pgconn.PgError](err)
	// Class 57: the server starts, stops, or ended this session; 53: it has too few
	// resources, a full disk among them; 08: the connection.
	away := answered && len(answer.Code) == 5 && (answer.Code[:2] == "57" || answer.Code[:2] == "53" || answer.Code[:2] == "08")
	cut := errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
	if !connecting && !network && !away && !cut && !pgconn.SafeToRetry(err) {
		return nil
	}
	return &domain.Error{Kind: domain.Unavailable, Slug: "database-unreachable", Detail: "the database does not answer"}
}
