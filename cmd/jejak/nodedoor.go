package main

import (
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/jejak-kinerja/jejak/internal/node"
)

// nodeDoor says how the event store lets other machines in.
type nodeDoor struct {
	TLSCert      string `name:"tls-cert" env:"TLS_CERT" type:"path" help:"Certificate of the event store, PEM."`
	TLSKey       string `name:"tls-key" env:"TLS_KEY" type:"path" help:"Its private key, PEM."`
	TLSCA        string `name:"tls-ca" env:"TLS_CA" type:"path" help:"Certificates by which replicas trust each other, PEM (default: those of the machine)."`
	UsersFile    string `env:"USERS_FILE" type:"path" help:"Users who may call, one a line: name:group,group:hashed password (jejak node --hash-password)."`
	PasswordFile string `env:"PASSWORD_FILE" type:"path" help:"File with the password of the user admin (or JEJAK_NODE_PASSWORD)."`
}

// check refuses an address that would send passwords and events in clear. flag is
// how the address was given, prefix how the other flags begin.
func (d *nodeDoor) check(flag, prefix, address string) error {
	switch {
	case (d.TLSCert == "") != (d.TLSKey == ""):
		return fmt.Errorf("--%stls-cert and --%[1]stls-key belong together", prefix)
	case d.TLSCert == "" && !isLoopback(address):
		return fmt.Errorf("%s %s can be reached from outside: give --%stls-cert and --%[3]stls-key, or use a loopback address", flag, address, prefix)
	}
	return nil
}

func (d *nodeDoor) secured() bool { return d.TLSCert != "" }

// secure reads certificate and users.
func (d *nodeDoor) secure(o *node.Options) error {
	if !d.secured() {
		return nil
	}
	certificate, err := tls.LoadX509KeyPair(d.TLSCert, d.TLSKey)
	if err != nil {
		return fmt.Errorf("read the event store's certificate (tls-cert) and key (tls-key): %w", err)
	}
	o.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	if d.UsersFile != "" {
		if o.Users, err = readUsersFile(d.UsersFile); err != nil {
			return err
		}
	}
	password, err := d.password()
	if err != nil || password == "" {
		return err
	}
	return addAdmin(o, "admin", password)
}

func addAdmin(o *node.Options, name, password string) error {
	hashed, err := node.HashPassword(password)
	if err != nil {
		return err
	}
	o.Users = append(o.Users, node.User{Name: name, Password: hashed, Groups: []string{"$admins"}})
	return nil
}

// password of the user admin, empty without one. It is no flag: the command line
// of a process can be read by everybody on the machine.
func (d *nodeDoor) password() (string, error) {
	if d.PasswordFile == "" {
		return os.Getenv("JEJAK_NODE_PASSWORD"), nil
	}
	text, err := os.ReadFile(d.PasswordFile)
	if err != nil {
		return "", fmt.Errorf("read the password file: %w", err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}

// replicaUser is who a replica is to the others. All derive its password from the
// secret that they share.
const replicaUser = "jejak-replica"

// joinReplicas lets the other replicas in, and gives the address by which this one
// reaches its own node, and by the same means the leader's.
func (d *nodeDoor) joinReplicas(o *node.Options, advertise string, secret []byte) (address string, err error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "password of "+replicaUser, sha256.Size)
	if err != nil {
		return "", fmt.Errorf("derive the replicas' password: %w", err)
	}
	password := hex.EncodeToString(key)
	if err := addAdmin(o, replicaUser, password); err != nil {
		return "", err
	}
	u := url.URL{Scheme: "esdb", User: url.UserPassword(replicaUser, password), Host: advertise}
	query := url.Values{"tls": {"true"}}
	if d.TLSCA != "" {
		query.Set("tlsCAFile", d.TLSCA)
	}
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// readUsersFile reads lines of name:group,group:hash. Empty lines and those that
// begin with # are left out.
func readUsersFile(path string) ([]node.User, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the users file: %w", err)
	}
	var users []node.User
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, ":")
		if len(parts) != 3 {
			return nil, fmt.Errorf("line %d of %s is not name:group,group:hash", i+1, path)
		}
		groups := strings.FieldsFunc(parts[1], func(r rune) bool { return r == ',' || r == ' ' })
		users = append(users, node.User{Name: parts[0], Groups: groups, Password: parts[2]})
	}
	return users, nil
}

// errNobody: with TLS only users come in.
var errNobody = errors.New("nobody could log in: give a users file, a password file or JEJAK_NODE_PASSWORD")
