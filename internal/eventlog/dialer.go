package eventlog

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// maxMessageBytes is the largest message that the library takes.
const maxMessageBytes = 17 << 20

// dialer reaches single nodes as the library does with the same settings.
type dialer struct {
	tls   *tls.Config // nil for none
	login login
}

func newDialer(c *esdb.Configuration) (*dialer, error) {
	if c.DisableTLS {
		return &dialer{login: loginOf(c)}, nil
	}
	d := &dialer{login: loginOf(c), tls: &tls.Config{InsecureSkipVerify: c.SkipCertificateVerification, RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12}} //nolint:gosec // the address may ask for it
	if c.UserCertFile != "" && c.UserKeyFile != "" {
		own, err := tls.LoadX509KeyPair(c.UserCertFile, c.UserKeyFile)
		if err != nil {
			return nil, fmt.Errorf("event log: our certificate: %w", err)
		}
		d.tls.Certificates = []tls.Certificate{own}
	}
	return d, nil
}

// connect prepares a connection; it is made with the first call.
func (d *dialer) connect(n peer) (*grpc.ClientConn, error) {
	transport := insecure.NewCredentials()
	if d.tls != nil {
		config := d.tls.Clone()
		config.ServerName = n.name
		transport = credentials.NewTLS(config)
	}
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(transport),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessageBytes)),
		grpc.WithConnectParams(grpc.ConnectParams{MinConnectTimeout: probeLimit,
			Backoff: backoff.Config{BaseDelay: probePause / 2, Multiplier: 1, MaxDelay: probePause / 2}}),
	}
	if d.login.authorization != "" {
		options = append(options, grpc.WithPerRPCCredentials(d.login))
	}
	if !strings.HasPrefix(n.address, "unix:") {
		return grpc.NewClient("passthrough:///"+n.address, options...)
	}
	return grpc.NewClient(n.address, options...)
}

// dial opens a bare connection.
func (d *dialer) dial(ctx context.Context, address string) (net.Conn, error) {
	if path, ok := strings.CutPrefix(address, "unix://"); ok {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		err = conn.SetDeadline(deadline)
	} else {
		err = conn.SetDeadline(time.Time{})
	}
	return conn, err
}
