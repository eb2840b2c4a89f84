package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/jejak-kinerja/jejak/internal/node"
)

// nodeCommand runs the event store alone, for other programs and other machines.
type nodeCommand struct {
	Listen       string `default:"127.0.0.1:2113" env:"JEJAK_NODE_LISTEN" help:"Address of the EventStoreDB protocol."`
	TLSCert      string `name:"tls-cert" env:"JEJAK_TLS_CERT" type:"path" help:"Certificate of the server, PEM."`
	TLSKey       string `name:"tls-key" env:"JEJAK_TLS_KEY" type:"path" help:"Its private key, PEM."`
	UsersFile    string `env:"JEJAK_NODE_USERS_FILE" type:"path" help:"Users who may call, one a line: name:group,group:hashed password."`
	PasswordFile string `env:"JEJAK_NODE_PASSWORD_FILE" type:"path" help:"File with the password of the user admin (or JEJAK_NODE_PASSWORD)."`
	HashPassword bool   `help:"Print the hashed form of that password, for the users file, and end."`
	AppendOnly   bool   `default:"true" negatable:"" help:"Refuse to delete or hide events of streams that are not the store's own."`
}

// Validate refuses an address that would send passwords and events in clear.
func (n *nodeCommand) Validate() error {
	switch {
	case (n.TLSCert == "") != (n.TLSKey == ""):
		return errors.New("--tls-cert and --tls-key belong together")
	case n.TLSCert == "" && !isLoopback(n.Listen):
		return fmt.Errorf("--listen %s can be reached from outside: give --tls-cert and --tls-key, or use a loopback address", n.Listen)
	}
	return nil
}

// Run serves until the context ends, and closes everything cleanly.
func (n *nodeCommand) Run(ctx context.Context, c *Config, term terminal) error {
	if n.HashPassword {
		return n.printHash(term)
	}
	log, err := c.logger(term)
	if err != nil {
		return err
	}
	options := node.Options{Log: log}
	if n.AppendOnly {
		options.Ledger = isLedger
	}
	if err := n.secure(&options); err != nil {
		return &exitError{exitUsage, err}
	}
	s := &storage{databaseURL: c.DatabaseURL}
	if s.databaseURL == "" {
		if err := s.startDatabase(ctx, c, log); err != nil {
			return err
		}
	}
	options.DatabaseURL = s.databaseURL
	if err = refuseHalfRestored(ctx, s.databaseURL); err == nil {
		err = n.serve(ctx, s, options, term)
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	if err = errors.Join(err, s.close(closing)); err == nil {
		log.Info("stopped cleanly")
	}
	return err
}

func (n *nodeCommand) serve(ctx context.Context, s *storage, o node.Options, term terminal) (err error) {
	if s.node, err = node.Open(ctx, o); err != nil {
		return fmt.Errorf("start the event store: %w", err)
	}
	listener, err := net.Listen("tcp", n.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", n.Listen, err)
	}
	s.served = make(chan error, 1)
	go func() { s.served <- s.node.Serve(listener) }() // storage.close waits for it
	fmt.Fprintf(term.out, "esdb://%s?tls=%t\n", listener.Addr(), o.TLS != nil)
	return s.failed(ctx)
}

// secure reads certificate and users.
func (n *nodeCommand) secure(o *node.Options) error {
	if n.TLSCert == "" {
		return nil
	}
	certificate, err := tls.LoadX509KeyPair(n.TLSCert, n.TLSKey)
	if err != nil {
		return fmt.Errorf("read --tls-cert and --tls-key: %w", err)
	}
	o.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	if n.UsersFile != "" {
		if o.Users, err = readUsersFile(n.UsersFile); err != nil {
			return err
		}
	}
	password, err := n.password()
	if err != nil {
		return err
	}
	if password != "" {
		hashed, err := node.HashPassword(password)
		if err != nil {
			return err
		}
		o.Users = append(o.Users, node.User{Name: "admin", Password: hashed, Groups: []string{"$admins"}})
	}
	if len(o.Users) == 0 {
		return errors.New("nobody could log in: give --users-file, --password-file or JEJAK_NODE_PASSWORD")
	}
	return nil
}

// password of the user admin, empty without one. It is no flag: the command line
// of a process can be read by everybody on the machine.
func (n *nodeCommand) password() (string, error) {
	if n.PasswordFile == "" {
		return os.Getenv("JEJAK_NODE_PASSWORD"), nil
	}
	text, err := os.ReadFile(n.PasswordFile)
	if err != nil {
		return "", fmt.Errorf("read --password-file: %w", err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}

func (n *nodeCommand) printHash(term terminal) error {
	password, err := n.password()
	if err != nil {
		return err
	}
	hashed, err := node.HashPassword(password)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(term.out, hashed)
	return err
}

// readUsersFile reads lines of name:group,group:hash. Empty lines and those that
// begin with # are left out.
func readUsersFile(path string) ([]node.User, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read --users-file: %w", err)
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
