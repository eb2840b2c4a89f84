// Package trace gives every request a name under which its log lines, its facts
// and its refusals can be found again: the trace id of W3C Trace Context, taken
// from the caller's traceparent header where that is well-formed.
package trace

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strings"
)

type key struct{}

type place struct{ id, path string }

// Header tells the caller the trace id of the answer.
const Header = "Jejak-Trace"

// Follow names every request, and says the name in the answer's Header.
func Follow(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := parent(r.Header.Get("traceparent"))
		if id == "" {
			id = fresh()
		}
		w.Header().Set(Header, id)
		ctx := context.WithValue(r.Context(), key{}, place{id, r.URL.Path})
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// ID of the request; empty outside of one.
func ID(ctx context.Context) string { return of(ctx).id }

// Path that was asked for, without the query, which may hold words of people.
func Path(ctx context.Context) string { return of(ctx).path }

func of(ctx context.Context) place {
	p, _ := ctx.Value(key{}).(place)
	return p
}

// fresh is 16 random bytes in lower-case hex.
func fresh() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails: the program ends when the system has no randomness
	return hex.EncodeToString(b[:])
}

// parent reads the trace id of a traceparent header of version 00
// ("00-<32 hex>-<16 hex>-<2 hex>"); empty when there is no valid one.
func parent(header string) string {
	parts := strings.Split(header, "-")
	if len(parts) != 4 || parts[0] != "00" || len(parts[1]) != 32 || len(parts[2]) != 16 {
		return ""
	}
	for _, c := range []byte(parts[1]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return ""
		}
	}
	if strings.Trim(parts[1], "0") == "" {
		return ""
	}
	return parts[1]
}
