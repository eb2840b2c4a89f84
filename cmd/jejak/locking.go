package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jejak-kinerja/jejak/internal/eventlog"
)

// locking is one run of prepare.
type locking struct {
	*prepareCommand
	at       eventlog.Options
	admin    *eventlog.Admin
	password string
	out      io.Writer
	ofFile   bool // the users stand in a file of the event store
	fresh    bool // the user or its password is new
}

// run looks at everything before it changes anything.
func (l *locking) run(ctx context.Context) error {
	user, there, err := l.admin.User(ctx, l.User)
	if l.ofFile = errors.Is(err, eventlog.ErrNoUsers); err != nil && !l.ofFile {
		return err
	}
	locks, err := l.admin.Locks(ctx, l.User)
	if err != nil {
		return err
	}
	if err := l.mayGoOn(user, there, locks); err != nil {
		return err
	}
	if err := l.makeUser(ctx, there); err != nil {
		return err
	}
	for _, lock := range locks {
		if err := l.set(ctx, lock); err != nil {
			return err
		}
	}
	return l.tryUser(ctx)
}

// mayGoOn refuses what would harm or fail half way.
func (l *locking) mayGoOn(user eventlog.User, there bool, locks []eventlog.Lock) error {
	switch {
	case there && user.Disabled:
		return fmt.Errorf("the user %s is disabled: enable it, or give another --user", l.User)
	case there && len(user.Groups) > 0:
		return fmt.Errorf("the user %s is in the groups %s: the product needs a user without any, for members of $admins may change what was recorded. Give another --user", l.User, strings.Join(user.Groups, ", "))
	case l.password == "" && !l.ofFile && (!there || l.ResetPassword):
		return &exitError{exitUsage, fmt.Errorf("the user %s needs a password: give --password-file or %s", l.User, userPasswordVariable)}
	}
	foreign := 0
	for _, lock := range locks {
		if lock.Foreign && !l.Force {
			foreign++
			l.differ(lock)
		}
	}
	if foreign > 0 {
		return errors.New("somebody else has set these rights, and nothing was changed: look at the lines above, and run this again with --force to overwrite them")
	}
	return nil
}

func (l *locking) makeUser(ctx context.Context, there bool) error {
	switch {
	case l.ofFile:
		l.say("left", "user %s: %v", l.User, eventlog.ErrNoUsers)
	case !there:
		if err := l.admin.CreateUser(ctx, l.User, l.password); err != nil {
			return err
		}
		l.fresh = true
		l.say("done", "user %s: made, without groups", l.User)
	case l.ResetPassword:
		if err := l.admin.ResetPassword(ctx, l.User, l.password); err != nil {
			return err
		}
		l.fresh = true
		l.say("done", "user %s: has another password now", l.User)
	default:
		l.say("was so", "user %s: there, without groups", l.User)
	}
	return nil
}

func (l *locking) set(ctx context.Context, lock eventlog.Lock) error {
	if lock.Same {
		l.say("was so", "%s: %s", lock.Stream, lock.Now)
		return nil
	}
	l.differ(lock)
	if err := l.admin.SetLock(ctx, lock); err != nil {
		return err
	}
	l.say("done", "%s: written", lock.Stream)
	return nil
}

func (l *locking) differ(lock eventlog.Lock) {
	if len(lock.Now) > 0 {
		l.say("-", "%s: %s", lock.Stream, lock.Now)
	}
	l.say("+", "%s: %s", lock.Stream, lock.Want)
}

func (l *locking) say(how, format string, args ...any) {
	fmt.Fprintf(l.out, "%-7s "+format+"\n", append([]any{how}, args...)...)
}

// newUserLimit is how long a server may take until a new user may log in.
const newUserLimit = 5 * time.Second

// tryUser logs in as the user, and looks at what it may do.
func (l *locking) tryUser(ctx context.Context) error {
	if l.password == "" {
		l.say("untried", "user %s: no password was given to log in with", l.User)
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, newUserLimit)
	defer cancel()
	for {
		may, err := l.rights(ctx)
		if errors.Is(err, eventlog.ErrWrongPassword) && l.fresh && ctx.Err() == nil {
			select {
			case <-time.After(newUserLimit / 20):
			case <-ctx.Done():
			}
			continue
		}
		if errors.Is(err, eventlog.ErrWrongPassword) && l.ofFile {
			return fmt.Errorf("%w: give the password that the user %s has in the node's users file, or write the user there (jejak node --hash-password) and restart the node", err, l.User)
		}
		if errors.Is(err, eventlog.ErrWrongPassword) {
			return fmt.Errorf("%w: give the password that the user %s has, or --reset-password", err, l.User)
		}
		if err != nil {
			return err
		}
		if lacks, more := may.lacks(), may.needless(); len(lacks)+len(more) > 0 {
			return fmt.Errorf("the user %s may not %s, or may %s, after all: look at the rights above, and at what `jejak doctor` says", l.User, strings.Join(lacks, ", "), strings.Join(more, ", "))
		}
		l.say("tried", "user %s: reads the whole log, appends, and may neither delete nor hide", l.User)
		return nil
	}
}

// rights logs in as the user.
func (l *locking) rights(ctx context.Context) (may tries, err error) {
	user, err := eventlog.OpenAdmin(ctx, l.at, l.User, l.password)
	if err != nil {
		return may, err
	}
	defer func() { err = errors.Join(err, user.Close()) }()
	found, err := user.Try(ctx)
	return tries(found), err
}
