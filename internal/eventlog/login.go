package eventlog

import (
	"context"
	"encoding/base64"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	grpcmeta "google.golang.org/grpc/metadata"
)

// login is the name and password of an address, as they go with every call.
type login struct {
	authorization string // "" for nobody
	clear         bool   // the address has a user and no TLS, where the library leaves it out
}

func loginOf(c *esdb.Configuration) login {
	if c.Username == "" {
		return login{}
	}
	return login{"Basic " + base64.StdEncoding.EncodeToString([]byte(c.Username+":"+c.Password)), c.DisableTLS}
}

// sign says who calls by the library, where it does not do so itself. A store that
// asks for no name ignores it.
func (l login) sign(ctx context.Context) context.Context {
	if !l.clear {
		return ctx
	}
	return grpcmeta.AppendToOutgoingContext(ctx, "authorization", l.authorization)
}

// GetRequestMetadata gives the header for calls of our own.
func (l login) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": l.authorization}, nil
}

// RequireTransportSecurity keeps the password of an address with TLS off others.
func (l login) RequireTransportSecurity() bool { return !l.clear }
