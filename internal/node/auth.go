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

// caller is who makes a call. Without credentials the name is empty.
type caller struct {
	name   string
	groups []string
}

// is tells whether the caller has one of the roles: its name, a group, or "$all",
// which everybody has.
func (c caller) is(roles []string) bool {
	return slices.ContainsFunc(roles, func(role string) bool {
		return role == "$all" || role != "" && (role == c.name || slices.Contains(c.groups, role))
	})
}

type callerKey struct{}

// gate knows the users of a node that serves over TLS.
type gate struct {
	users   map[string]account
	hashing chan struct{}
	secret  [32]byte // of this process: keeps remembered credentials from being guessed off line

	mu    sync.Mutex
	known map[[32]byte]caller
}

type account struct {
	caller
	password hashed
}

func newGate(users []User) (*gate, error) {
	g := &gate{users: map[string]account{}, hashing: make(chan struct{}, maxHashing), known: map[[32]byte]caller{}}
	if _, err := rand.Read(g.secret[:]); err != nil {
		return nil, fmt.Errorf("node: make a secret: %w", err)
	}
	for _, u := range users {
		password, err := readHashed(u.Password)
		if err != nil {
			return nil, fmt.Errorf("node: user %q: %w", u.Name, err)
		}
		if _, twice := g.users[u.Name]; twice || u.Name == "" || strings.Contains(u.Name, ":") {
			return nil, fmt.Errorf("node: user %q: a name is there once, not empty and without a colon", u.Name)
		}
		g.users[u.Name] = account{caller{u.Name, u.Groups}, password}
	}
	return g, nil
}

func unauthenticated() *refusal {
	return &refusal{code: codes.Unauthenticated, text: "the user name or the password is wrong"}
}

// admit finds out who calls, and keeps it in the context. Without credentials a
// call is anonymous; wrong ones are refused, whatever is called.
func (g *gate) admit(ctx context.Context) (context.Context, error) {
	if g == nil { // without TLS credentials mean nothing
		return ctx, nil
	}
	if isFriend(ctx) {
		return context.WithValue(ctx, callerKey{}, housemate), nil
	}
	md, _ := metadata.FromIncomingContext(ctx)
	given := md.Get("authorization")
	if len(given) == 0 {
		return context.WithValue(ctx, callerKey{}, caller{}), nil
	}
	scheme, encoded, _ := strings.Cut(given[0], " ")
	plain, err := base64.StdEncoding.DecodeString(encoded)
	name, password, found := strings.Cut(string(plain), ":")
	if err != nil || !found || !strings.EqualFold(scheme, "basic") || len(password) > maxPasswordBytes {
		return ctx, unauthenticated()
	}
	c, err := g.recognise(ctx, name, password)
	if err != nil {
		return ctx, err
	}
	return context.WithValue(ctx, callerKey{}, c), nil
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
