package main

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"

	"github.com/jejak-kinerja/jejak/internal/node"
)

// ownUser is who the product itself is at the addresses of an embedded node: as a
// replica to the others, or with another's node as its event store. Whoever has the
// installation's secret derives the same password from it.
const ownUser = "jejak-replica"

func (c *Config) ownUserinfo() (*url.Userinfo, error) {
	secret, err := loadSecret(c.SecretFile)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "password of "+ownUser, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive the product's own password: %w", err)
	}
	return url.UserPassword(ownUser, hex.EncodeToString(key)), nil
}

// admitOwn lets the product in at the node's address, and nobody else but the
// named writers to the ledger. A replica gets the address by which it reaches its
// own node, and by the same means the leader's; others use the socket.
func (c *Config) admitOwn(o *node.Options) (address string, err error) {
	if c.opening.listen == "" {
		return "", nil
	}
	who, err := c.ownUserinfo()
	if err != nil {
		return "", err
	}
	password, _ := who.Password()
	if err := addAdmin(o, who.Username(), password); err != nil {
		return "", err
	}
	o.LedgerWriters = append(o.LedgerWriters, who.Username())
	if o.Advertise == "" {
		return "", nil
	}
	query := url.Values{"tls": {fmt.Sprint(o.TLS != nil)}}
	if c.opening.door.TLSCA != "" {
		query.Set("tlsCAFile", c.opening.door.TLSCA)
	}
	return (&url.URL{Scheme: "esdb", User: who, Host: o.Advertise, RawQuery: query.Encode()}).String(), nil
}

// externalStore is the configured event store, "" for the embedded one. At a
// loopback address without TLS, where no name is asked for, it may be the node of a
// product with the same secret: by that it knows us.
func (c *Config) externalStore() (string, error) {
	u, err := url.Parse(c.EventstoreURL)
	if err != nil || u.Host == "" || u.User != nil || !isLoopback(u.Host) || !withoutTLS(u) {
		return c.EventstoreURL, nil // the event store's client says what is wrong with it
	}
	if _, err := os.Stat(c.SecretFile); errors.Is(err, fs.ErrNotExist) {
		return c.EventstoreURL, nil
	}
	if u.User, err = c.ownUserinfo(); err != nil {
		return "", err
	}
	return u.String(), nil
}

func withoutTLS(u *url.URL) bool {
	for name, values := range u.Query() {
		if strings.EqualFold(name, "tls") && len(values) == 1 {
			return strings.EqualFold(values[0], "false")
		}
	}
	return false
}
