package problem

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jejak-kinerja/jejak/domain"
)

func TestADatabaseThatIsAwayAsksToComeBack(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{&pgconn.ConnectError{}, http.StatusServiceUnavailable},
		{&pgconn.PgError{Code: "57P01"}, http.StatusServiceUnavailable}, // the session was ended
		{&pgconn.PgError{Code: "53100"}, http.StatusServiceUnavailable}, // disk full
		{fmt.Errorf("receive: %w", io.ErrUnexpectedEOF), http.StatusServiceUnavailable},
		{&pgconn.PgError{Code: "42P01"}, http.StatusInternalServerError}, // a mistake of ours
		{errors.New("another mistake"), http.StatusInternalServerError},
		{domain.Missing("no-such", "none"), http.StatusNotFound},
	} {
		p := Of(context.Background(), fmt.Errorf("read: %w", c.err))
		if p.Status != c.want || (p.GetHeaders().Get("Retry-After") != "") != (c.want == http.StatusServiceUnavailable) {
			t.Errorf("%v becomes %d %v", c.err, p.Status, p.GetHeaders())
		}
	}
}
