package node

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
)

const (
	// maxHashing bounds the passwords that are being hashed at once: each costs a
	// processor a good part of a second, on purpose.
	maxHashing = 2

	// maxKnownCredentials bounds the memory of credentials already found good.
	maxKnownCredentials = 1024
)

// caller is who makes a call.
type caller struct {
	name  string   // "" without credentials
	roles []string // beside the name: groups, and Everybody for whom it counts
	house bool     // came through a unix socket
}

// is tells whether the caller has one of the roles: its name is one, too.
func (c caller) is(roles ...string) bool {
	return slices.ContainsFunc(roles, func(role string) bool {
		return role != "" && (role == c.name || slices.Contains(c.roles, role))
	})
}

// administrates tells whether the caller may do everything, whatever lists say.
func (c caller) administrates() bool { return c.house || c.is(groupAdmins) }

type callerKey struct{}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// gate knows the users of a node. Over TLS it refuses wrong credentials; open,
// without TLS, it lets everybody in and only notes who shows those of a known user.
type gate struct {
	open     bool
	nameless caller // who calls without credentials
	users    map[string]account
	hashing  chan struct{}
	secret   [32]byte // of this process: keeps remembered credentials from being guessed off line

	mu    sync.Mutex
	known map[[32]byte]caller
}

type account struct {
	caller
	password hashed
}

func newGate(o Options) (*gate, error) {
	g := &gate{open: o.TLS == nil, users: map[string]account{}, hashing: make(chan struct{}, maxHashing), known: map[[32]byte]caller{}}
	if o.AllowAnonymous {
		g.nameless.roles = []string{Everybody}
	}
	if _, err := rand.Read(g.secret[:]); err != nil {
		return nil, fmt.Errorf("node: make a secret: %w", err)
	}
	for _, u := range o.Users {
		password, err := readHashed(u.Password)
		if err != nil {
			return nil, fmt.Errorf("node: user %q: %w", u.Name, err)
		}
		if _, twice := g.users[u.Name]; twice || u.Name == "" || strings.ContainsAny(u.Name, ":$") {
			return nil, fmt.Errorf("node: user %q: a name is there once, not empty, without a colon and without $, which is for groups", u.Name)
		}
		if g.open && !slices.Contains(o.LedgerWriters, u.Name) {
			continue
		}
		roles := append(slices.Clone(u.Groups), Everybody)
		g.users[u.Name] = account{caller{name: u.Name, roles: roles}, password}
	}
	return g, nil
}

func unauthenticated() *refusal {
	return &refusal{code: codes.Unauthenticated, text: "Unauthenticated"}
}

// admit finds out who calls, and keeps it in the context. Wrong credentials are
// refused, whatever is called.
func (g *gate) admit(ctx context.Context) (context.Context, error) {
	if isFriend(ctx) {
		return context.WithValue(ctx, callerKey{}, housemate), nil
	}
	md, _ := metadata.FromIncomingContext(ctx)
	given := md.Get("authorization")
	if len(given) == 0 {
		return context.WithValue(ctx, callerKey{}, g.nameless), nil
	}
	name, password, err := readBasic(given[0])
	if _, known := g.users[name]; g.open && (err != nil || !known) {
		return ctx, nil // nobody has a name here but those who need one
	}
	if err != nil {
		return ctx, err
	}
	c, err := g.recognise(ctx, name, password)
	if err != nil {
		return ctx, err
	}
	return context.WithValue(ctx, callerKey{}, c), nil
}

// readBasic reads a header of basic credentials.
func readBasic(header string) (name, password string, err error) {
	scheme, encoded, _ := strings.Cut(header, " ")
	plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	name, password, found := strings.Cut(string(plain), ":")
	if err != nil || !found || !strings.EqualFold(scheme, "basic") || len(password) > maxPasswordBytes {
		return "", "", unauthenticated()
	}
	return name, password, nil
}

func (g *gate) recognise(ctx context.Context, name, password string) (caller, error) {
	a, exists := g.users[name]
	if !exists {
		return caller{}, unauthenticated()
	}
	sum := sha256.Sum256(append(g.secret[:len(g.secret):len(g.secret)], name+"\x00"+password...))
	g.mu.Lock()
	c, known := g.known[sum]
	g.mu.Unlock()
	if known {
		return c, nil
	}
	select {
	case g.hashing <- struct{}{}:
		defer func() { <-g.hashing }()
	case <-ctx.Done():
		return caller{}, ctx.Err()
	}
	if !a.password.matches(password) {
		return caller{}, unauthenticated()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.known) >= maxKnownCredentials {
		clear(g.known)
	}
	g.known[sum] = a.caller
	return a.caller, nil
}

// admitted is a stream of calls with the caller in its context.
type admitted struct {
	grpc.ServerStream
	ctx context.Context
}

func (a admitted) Context() context.Context { return a.ctx }
