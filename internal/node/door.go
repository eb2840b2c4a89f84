package node

import (
	"context"
	"crypto/tls"
	"net"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/peer"
)

// door lets callers in: over TLS, on a node without it in clear, and always in clear
// through a unix socket, which only those can open whom its file mode allows. Such
// a caller is the house itself.
type door struct {
	credentials.TransportCredentials
	friends credentials.TransportCredentials
}

// friend marks a connection through a unix socket.
type friend struct{ credentials.AuthInfo }

// housemate is the caller on such a connection.
var housemate = caller{name: "local", roles: []string{groupAdmins}, house: true}

func newDoor(config *tls.Config) credentials.TransportCredentials {
	clear := insecure.NewCredentials()
	if config == nil {
		return &door{clear, clear}
	}
	return &door{credentials.NewTLS(config), clear}
}

// ServerHandshake is called by the server for each connection.
func (d *door) ServerHandshake(conn net.Conn) (net.Conn, credentials.AuthInfo, error) {
	if conn.LocalAddr().Network() != "unix" {
		return d.TransportCredentials.ServerHandshake(conn)
	}
	conn, info, err := d.friends.ServerHandshake(conn)
	return conn, friend{info}, err
}

// Clone keeps both doors.
func (d *door) Clone() credentials.TransportCredentials {
	return &door{d.TransportCredentials.Clone(), d.friends.Clone()}
}

// isFriend tells whether a call came through a unix socket.
func isFriend(ctx context.Context) bool {
	p, ok := peer.FromContext(ctx)
	if !ok {
		return false
	}
	_, ok = p.AuthInfo.(friend)
	return ok
}
