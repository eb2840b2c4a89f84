package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/jejak-kinerja/jejak/internal/eventlog"
)

// eventstoreCommand is about an event store that others run.
type eventstoreCommand struct {
	Prepare prepareCommand `cmd:"" help:"Lock a KurrentDB or EventStoreDB for the ledger: a user of its own without groups, and default rights by which nobody but the event store's administrators can change or hide what was recorded. Run again, it changes nothing."`
}

// prepareCommand locks an event store for the ledger.
type prepareCommand struct {
	AdminURL          string `required:"" env:"JEJAK_EVENTSTORE_ADMIN_URL" help:"The event store with the name of an administrator: esdb://admin@host:2113. A password in it is taken, but give it by file or environment: a command line can be read by everybody on the machine."`
	AdminPasswordFile string `env:"JEJAK_EVENTSTORE_ADMIN_PASSWORD_FILE" type:"path" help:"File with the administrator's password (or JEJAK_EVENTSTORE_ADMIN_PASSWORD). It is not kept."`
	User              string `default:"jejak" env:"JEJAK_EVENTSTORE_USER" help:"Name as which the product logs in."`
	PasswordFile      string `env:"JEJAK_EVENTSTORE_PASSWORD_FILE" type:"path" help:"File with the password of that user (or JEJAK_EVENTSTORE_PASSWORD)."`
	ResetPassword     bool   `help:"Give the user this password, though it has another."`
	Force             bool   `help:"Overwrite rights that somebody else has set."`
}

// Environment variables that have no flag, for a command line can be read by all.
const (
	adminPasswordVariable = "JEJAK_EVENTSTORE_ADMIN_PASSWORD"
	userPasswordVariable  = "JEJAK_EVENTSTORE_PASSWORD"
)

// Validate refuses what is no address, and names that are the event store's own.
func (p *prepareCommand) Validate() error {
	switch {
	case !isEventstore(p.AdminURL):
		return errors.New("--admin-url must begin with esdb://")
	case p.User == "" || strings.HasPrefix(p.User, "$") || p.User == "admin" || p.User == "ops":
		return fmt.Errorf("--user %q: the product needs a name of its own", p.User)
	}
	return nil
}

// Run locks and tells, line by line, what was done and what was so already.
func (p *prepareCommand) Run(ctx context.Context, c *Config, term terminal) error {
	log, err := c.logger(term)
	if err != nil {
		return err
	}
	adminPassword, err := passwordFrom(p.AdminPasswordFile, adminPasswordVariable)
	if err != nil {
		return err
	}
	password, err := passwordFrom(p.PasswordFile, userPasswordVariable)
	if err != nil {
		return err
	}
	if adminPassword == "" && hasPassword(p.AdminURL) && os.Getenv("JEJAK_EVENTSTORE_ADMIN_URL") != p.AdminURL {
		fmt.Fprintf(term.err, "ATTENTION: the administrator's password stands in the command line, which everybody on this machine can read, and in the history of the shell. Use --admin-password-file or %s.\n", adminPasswordVariable)
	}
	at := eventlog.Options{URL: p.AdminURL, Log: log}
	admin, err := eventlog.OpenAdmin(ctx, at, "", adminPassword)
	if err != nil {
		return ofAdmin(err)
	}
	l := &locking{prepareCommand: p, at: at, admin: admin, password: password, out: term.out}
	return ofAdmin(errors.Join(l.run(ctx), admin.Close()))
}

// passwordFrom reads a password from a file, else from the environment.
func passwordFrom(path, variable string) (string, error) {
	if path == "" {
		return os.Getenv(variable), nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", &exitError{exitUsage, fmt.Errorf("read a password: %w", err)}
	}
	if text := strings.TrimRight(string(text), "\r\n"); text != "" {
		return text, nil
	}
	return "", &exitError{exitUsage, fmt.Errorf("the password file %s is empty", path)}
}

// hasPassword says whether an address holds one.
func hasPassword(address string) bool {
	_, rest, _ := strings.Cut(address, "://")
	login, _, found := strings.Cut(rest, "@")
	return found && strings.Contains(login, ":")
}

// ofAdmin gives a refusal its exit code.
func ofAdmin(err error) error {
	if errors.Is(err, eventlog.ErrWrongPassword) || errors.Is(err, eventlog.ErrDenied) {
		return &exitError{exitUsage, err}
	}
	return err
}
