package eventlog

import (
	"context"
	"encoding/base64"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	grpcmeta "google.golang.org/grpc/metadata"
)

// clearLogin is the authorization of a URL with a user but without TLS, where the
// library leaves it out; "" otherwise. A store that asks for no name ignores it.
func clearLogin(c *esdb.Configuration) string {
	if !c.DisableTLS || c.Username == "" {
		return ""
	}
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(c.Username+":"+c.Password))
}

// signed says who calls.
func (l *Log) signed(ctx context.Context) context.Context {
	if l.login == "" {
		return ctx
	}
	return grpcmeta.AppendToOutgoingContext(ctx, "authorization", l.login)
}
