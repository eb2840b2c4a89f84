package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"slices"
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

	AllowAnonymous bool     `env:"ALLOW_ANONYMOUS" help:"Over TLS, let callers without credentials do what access lists give to $all. Without it they get nothing but Gossip and ServerFeatures."`
	LedgerWriter   []string `env:"LEDGER_WRITER" placeholder:"USER" help:"User who may append to ledger streams on this address: the product that uses this event store by JEJAK_EVENTSTORE_URL (jejak node: default admin over TLS, and anybody without it)."`
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

// secure reads certificate, users and the ledger's writers.
func (d *nodeDoor) secure(o *node.Options) error {
	if d.secured() {
		certificate, err := tls.LoadX509KeyPair(d.TLSCert, d.TLSKey)
		if err != nil {
			return fmt.Errorf("read the event store's certificate (tls-cert) and key (tls-key): %w", err)
		}
		o.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	}
	if err := d.addUsers(o); err != nil {
		return err
	}
	if d.secured() && len(o.Users) == 0 && !d.AllowAnonymous && o.Advertise == "" { // replicas have each other
		return errNobody
	}
	for _, name := range d.LedgerWriter {
		if !slices.ContainsFunc(o.Users, func(u node.User) bool { return u.Name == name }) {
			return fmt.Errorf("%q is to write the ledger, but is no user: give it a line in the users file", name)
		}
	}
	o.AllowAnonymous, o.LedgerWriters = d.AllowAnonymous, d.LedgerWriter
	return nil
}

func (d *nodeDoor) addUsers(o *node.Options) (err error) {
	if d.UsersFile != "" {
		if o.Users, err = readUsersFile(d.UsersFile); err != nil {
			return err
		}
	}
	password, err := d.password()
	if err != nil || password == "" {
		return err
	}
	return addAdmin(o, adminUser, password)
}

// adminUser is the user whose password the operator sets.
const adminUser = "admin"

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
