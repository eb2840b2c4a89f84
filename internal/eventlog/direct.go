package eventlog

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strconv"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

// direct is a connection to the node that leads, for calls of the protocol that the
// library does not offer.
type direct struct {
	*grpc.ClientConn
	members []*gossip.MemberInfo
}

// dialLeader asks the addresses of the connection string, one after the other, who leads, and
// connects to that node. A wrong name or password is told as such at once.
func dialLeader(ctx context.Context, config *esdb.Configuration) (*direct, error) {
	var tried []error
	for _, address := range addresses(config) {
		found, err := leaderBy(ctx, config, address)
		if err == nil {
			return found, nil
		}
		tried = append(tried, fmt.Errorf("%s: %w", address, err))
		if final(err) || ctx.Err() != nil {
			break
		}
	}
	return nil, fmt.Errorf("reach the leader of the event store: %w", errors.Join(tried...))
}

// addresses are those of the connection string.
func addresses(c *esdb.Configuration) (list []string) {
	if c.Address != "" {
		list = append(list, c.Address)
	}
	for _, seed := range c.GossipSeeds {
		list = append(list, seed.String())
	}
	return list
}

// leaderBy asks one node. Where there is only one, its own address is used: the one
// that it tells may be good inside its network only.
func leaderBy(ctx context.Context, c *esdb.Configuration, address string) (*direct, error) {
	conn, err := dialNode(c, address)
	if err != nil {
		return nil, err
	}
	asking, cancel := context.WithTimeout(ctx, DefaultCallTimeout)
	defer cancel()
	info, err := gossip.NewGossipClient(conn).Read(asking, &shared.Empty{})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	found := &direct{conn, info.GetMembers()}
	if len(found.members) <= 1 {
		return found, nil
	}
	if err := conn.Close(); err != nil {
		return nil, err
	}
	for _, m := range found.members {
		if at := m.GetHttpEndPoint(); m.GetIsAlive() && m.GetState() == gossip.MemberInfo_Leader {
			found.ClientConn, err = dialNode(c, net.JoinHostPort(at.GetAddress(), strconv.FormatUint(uint64(at.GetPort()), 10)))
			return found, err
		}
	}
	return nil, status.Error(codes.Unavailable, "no node leads")
}

// dialNode connects with the login of the connection string. Who writes a name and
// tls=false there sends the password in clear, to a node on this machine.
func dialNode(c *esdb.Configuration, address string) (*grpc.ClientConn, error) {
	var options []grpc.DialOption
	if c.Username != "" {
		options = append(options, grpc.WithPerRPCCredentials(basic{c.Username, c.Password, c.DisableTLS}))
	}
	if c.DisableTLS {
		return grpc.NewClient(address, append(options, grpc.WithTransportCredentials(insecure.NewCredentials()))...)
	}
	trust := &tls.Config{InsecureSkipVerify: c.SkipCertificateVerification, RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12} //nolint:gosec // the operator's own wish, tlsVerifyCert=false
	if c.UserCertFile != "" {
		own, err := tls.LoadX509KeyPair(c.UserCertFile, c.UserKeyFile)
		if err != nil {
			return nil, fmt.Errorf("read the certificate of the user: %w", err)
		}
		trust.Certificates = []tls.Certificate{own}
	}
	return grpc.NewClient(address, append(options, grpc.WithTransportCredentials(credentials.NewTLS(trust)))...)
}

// basic is a name with its password.
type basic struct {
	name, password string
	clear          bool
}

// GetRequestMetadata gives the header that every call carries.
func (b basic) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte(b.name+":"+b.password))}, nil
}

// RequireTransportSecurity keeps the password off a connection in clear, unless it
// was asked for.
func (b basic) RequireTransportSecurity() bool { return !b.clear }

// final says that asking again would be answered the same.
func final(err error) bool {
	switch status.Code(err) {
	case codes.Unauthenticated, codes.PermissionDenied, codes.Unimplemented, codes.InvalidArgument, codes.FailedPrecondition:
		return true
	}
	return false
}
