package eventlog

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"

	"google.golang.org/grpc/codes"

	"github.com/jejak-kinerja/jejak/domain"
)

// The names of what keeps us from the event store.
const (
	slugUnreachable   = "event-store-unreachable"
	slugUnknownHost   = "event-store-host-unknown"
	slugSilent        = "event-store-silent"
	slugNoLeader      = "event-store-has-no-leader"
	slugLogin         = "event-store-login-refused"
	slugDenied        = "event-store-access-denied"
	slugAuthority     = "event-store-authority-unknown"
	slugWrongName     = "event-store-name-not-in-certificate"
	slugExpired       = "event-store-certificate-expired"
	slugCertificate   = "event-store-certificate-refused"
	slugSpeaksTLS     = "event-store-speaks-tls"
	slugSpeaksNoTLS   = "event-store-speaks-no-tls"
	slugDeletedStream = "stream-deleted-from-outside"
	slugTooLarge      = "append-too-large"
)

// misconfigured says that waiting will not help: the address, the credentials or the
// certificates must be changed.
func misconfigured(err error) bool {
	switch domain.SlugOf(err) {
	case slugLogin, slugDenied, slugAuthority, slugWrongName, slugExpired, slugCertificate, slugSpeaksTLS, slugSpeaksNoTLS:
		return true
	}
	return false
}

// errFollows is the answer of a node that does not lead.
var errFollows = away(slugNoLeader, "the node follows another one, which does not answer")

func away(slug, format string, args ...any) error {
	return &domain.Error{Kind: domain.Unavailable, Slug: slug, Detail: fmt.Sprintf(format, args...)}
}

// sentence says in one sentence why a node could not be used; nil when it could.
func (d *dialer) sentence(ctx context.Context, n peer, err error) error {
	if err == nil || domain.SlugOf(err) != "" {
		return err
	}
	switch statusOf(err).Code() {
	case codes.Unavailable, codes.DeadlineExceeded: // perhaps nobody has answered at all
		if known := d.examine(ctx, n); known != nil {
			return fmt.Errorf("%w: %w", known, err)
		}
	}
	return explain(n.address, err)
}

// explain says what a node's answer means.
func explain(address string, err error) error {
	said := statusOf(err)
	var known error
	switch said.Code() {
	case codes.Unauthenticated:
		known = away(slugLogin, "the event store at %s does not accept the name or the password: mend them in the event store's address", address)
	case codes.PermissionDenied:
		known = away(slugDenied, "the event store at %s does not let our user read its log: give that user the right to read $all, or us another user; where it was allowed before, see whether the store was emptied or exchanged", address)
	case codes.Unavailable:
		known = away(slugNoLeader, "the event store at %s takes no requests: it starts, shuts down, or elects a leader", address)
	case codes.DeadlineExceeded:
		known = away(slugSilent, "the event store at %s accepts connections and does not answer", address)
	default:
		known = away(slugUnreachable, "the event store at %s does not answer as one", address)
	}
	return fmt.Errorf("%w: %w", known, err)
}

// examine looks at a node without the protocol: whether somebody listens, and
// whether both sides mean the same by a connection. It is nil when nothing is wrong
// with that.
func (d *dialer) examine(ctx context.Context, n peer) error {
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	conn, err := d.dial(ctx, n.address)
	if err != nil {
		return explainDial(n.address, err)
	}
	defer conn.Close() //nolint:errcheck // it was only looked at
	if d.tls == nil {
		// Whoever shakes hands here expects everybody to.
		asking := tls.Client(conn, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}) //nolint:gosec // nothing is sent
		err := asking.HandshakeContext(ctx)
		if _, refused := errors.AsType[tls.AlertError](err); err == nil || refused {
			return away(slugSpeaksTLS, "the event store at %s speaks TLS, and its address says tls=false", n.address)
		}
		return nil
	}
	config := d.tls.Clone()
	config.ServerName, config.NextProtos = n.name, []string{"h2"}
	return explainHandshake(n, tls.Client(conn, config).HandshakeContext(ctx))
}

func explainDial(address string, err error) error {
	var known error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, os.ErrNotExist):
		known = away(slugUnreachable, "nobody listens at %s: is the event store running, and is this its address?", address)
	case isType[*net.DNSError](err):
		known = away(slugUnknownHost, "the host of %s is not known: is the event store's address written correctly?", address)
	default:
		known = away(slugUnreachable, "%s cannot be reached over the network", address)
	}
	return fmt.Errorf("%w: %w", known, err)
}

func explainHandshake(n peer, err error) error {
	var known error
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	switch {
	case err == nil:
		return nil
	case os.IsTimeout(err), errors.Is(err, context.DeadlineExceeded):
		known = away(slugSilent, "the event store at %s accepts connections and does not answer", n.address)
	case isType[tls.RecordHeaderError](err):
		known = away(slugSpeaksNoTLS, "the event store at %s speaks no TLS, and its address asks for it: give it a certificate, or write tls=false for a loopback address", n.address)
	case isType[x509.UnknownAuthorityError](err):
		known = away(slugAuthority, "the certificate of the event store at %s is signed by an authority that is not known: give its file with tlsCaFile=", n.address)
	case isType[x509.HostnameError](err):
		known = away(slugWrongName, "the certificate of the event store at %s is not for %q: use a name that is in it, or have the name added", n.address, n.name)
	case isInvalid && invalid.Reason == x509.Expired:
		known = away(slugExpired, "the certificate of the event store at %s has expired or is not valid yet: renew it, or set this machine's clock", n.address)
	case isType[*tls.CertificateVerificationError](err), isType[tls.AlertError](err):
		known = away(slugCertificate, "the certificate of the event store at %s, or ours at it, is not accepted", n.address)
	case strings.Contains(err.Error(), "EOF"), errors.Is(err, syscall.ECONNRESET):
		known = away(slugSpeaksNoTLS, "the event store at %s breaks off when TLS begins: does it speak TLS?", n.address)
	default:
		known = away(slugUnreachable, "no TLS connection to the event store at %s", n.address)
	}
	return fmt.Errorf("%w: %w", known, err)
}

func isType[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
