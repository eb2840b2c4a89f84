// Package token keeps the opaque tokens by which programs speak for a person:
// shown once, kept as a digest only, narrowed by scopes, and never for longer
// than a year.
package token

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

const (
	// Prefix by which secret scanners know our tokens.
	Prefix = "jjk"
	// MaxLife of a token: what nobody renews in a year is forgotten somewhere.
	MaxLife = 366 * 24 * time.Hour
	// MaxListed bounds a list; a city has a few dozen programs.
	MaxListed = 1000

	idLetters = 12
	// secretLetters of an alphabet of 62 hold 256 bits.
	secretLetters = 43
	maxName       = 80
	// usedEvery is how exactly the last use is known: a busy program must not cost
	// one write for each of its reads.
	usedEvery = time.Minute
)

// Token is what is kept of a token; the secret is not.
type Token struct {
	ID        string
	Person    domain.PersonID
	Name      string
	Scopes    []caller.Scope
	CreatedAt time.Time
	ExpiresAt time.Time
	// LastUsedAt is exact to a minute; nil before the first use.
	LastUsedAt *time.Time
	// RevokedAt is nil while the token opens anything.
	RevokedAt *time.Time
}

// New asks for a token.
type New struct {
	// Person in whose name the token speaks.
	Person domain.PersonID
	// Name tells its owner what it is for.
	Name   string
	Scopes []caller.Scope
	// Life from now on, at most MaxLife.
	Life time.Duration
}

// Store keeps tokens in table access.api_token.
type Store struct {
	pool *pgxpool.Pool
	now  clock.Clock
}

// Table is where the tokens are, without their secrets.
const Table = "access.api_token"

// lockKey serialises the making of the table by several processes.
const lockKey = 0x6a6a6b5f746f6b31 // "jjk_tok1"

const schema = `
create schema if not exists access;
create table if not exists access.api_token (
	id text primary key, person text not null, name text not null, scopes text[] not null, digest bytea not null,
	created_at timestamptz not null, expires_at timestamptz not null, last_used_at timestamptz, revoked_at timestamptz);
create index if not exists api_token_person on access.api_token (person);`

// Open makes the table when it is missing.
func Open(ctx context.Context, pool *pgxpool.Pool, now clock.Clock) (*Store, error) {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(lockKey)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, schema)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("make the table of tokens: %w", err)
	}
	return &Store{pool, now}, nil
}

// Create makes a token and gives its secret, which cannot be had again.
func (s *Store) Create(ctx context.Context, in New) (Token, string, error) {
	if err := in.check(); err != nil {
		return Token{}, "", err
	}
	id, err := random(idLetters)
	if err != nil {
		return Token{}, "", err
	}
	secret, err := random(secretLetters)
	if err != nil {
		return Token{}, "", err
	}
	now := s.now()
	t := Token{ID: id, Person: in.Person, Name: in.Name, Scopes: in.Scopes, CreatedAt: now, ExpiresAt: now.Add(in.Life)}
	_, err = s.pool.Exec(ctx, `insert into access.api_token (id, person, name, scopes, digest, created_at, expires_at)
		values ($1, $2, $3, $4, $5, $6, $7)`, t.ID, t.Person, t.Name, t.Scopes, digest(secret), t.CreatedAt, t.ExpiresAt)
	if err != nil {
		return Token{}, "", fmt.Errorf("keep a token: %w", err)
	}
	return t, Prefix + "_" + id + "_" + secret, nil
}

func (in New) check() error {
	if err := domain.CheckID("person", string(in.Person)); err != nil {
		return err
	}
	if err := domain.CheckWording("name", in.Name); err != nil || len(in.Name) > maxName {
		return domain.Bad("name", "token-name-malformed", "a name is one line of at most %d bytes", maxName)
	}
	unknown := func(c caller.Scope) bool { return !slices.Contains(caller.Scopes, c) }
	if len(in.Scopes) == 0 || slices.ContainsFunc(in.Scopes, unknown) {
		return domain.Bad("scopes", "token-scope-unknown", "scopes are of %v", caller.Scopes)
	}
	if in.Life <= 0 || in.Life > MaxLife {
		return domain.Bad("life", "token-life-out-of-range", "a token lives up to %v", MaxLife)
	}
	return nil
}

const (
	columns     = `select id, person, name, scopes, created_at, expires_at, last_used_at, revoked_at from access.api_token `
	keptColumns = `select id, person, name, scopes, created_at, expires_at, last_used_at, revoked_at, digest from access.api_token `
)

// List gives the tokens of a person, and everybody's when person is empty, the
// newest first.
func (s *Store) List(ctx context.Context, person domain.PersonID) ([]Token, error) {
	rows, _ := s.pool.Query(ctx, columns+`where $1 = '' or person = $1 order by created_at desc, id limit $2`, person, MaxListed)
	tokens, err := pgx.CollectRows(rows, pgx.RowToStructByName[Token])
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return tokens, nil
}

// Revoke closes a token for good. Revoking again changes nothing.
func (s *Store) Revoke(ctx context.Context, id string) error {
	done, err := s.pool.Exec(ctx, `update access.api_token set revoked_at = coalesce(revoked_at, $2) where id = $1`, id, s.now())
	if err != nil {
		return fmt.Errorf("revoke a token: %w", err)
	}
	if done.RowsAffected() == 0 {
		return domain.Missing("token-unknown", "no such token")
	}
	return nil
}

var form = regexp.MustCompile(`^` + Prefix + `_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})$`)

// LookUp gives the token behind a secret; NotFound when it opens nothing: unknown,
// revoked or expired, which are not told apart. It notes that the token was used.
func (s *Store) LookUp(ctx context.Context, secret string) (Token, error) {
	nothing := domain.Missing("token-unknown", "the token opens nothing")
	parts := form.FindStringSubmatch(secret)
	if parts == nil {
		return Token{}, nothing
	}
	now := s.now()
	rows, _ := s.pool.Query(ctx, keptColumns+`where id = $1 and revoked_at is null and expires_at > $2`, parts[1], now)
	t, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[kept])
	if errors.Is(err, pgx.ErrNoRows) {
		return Token{}, nothing
	}
	if err != nil {
		return Token{}, fmt.Errorf("look up a token: %w", err)
	}
	if subtle.ConstantTimeCompare(t.Digest, digest(parts[2])) != 1 {
		return Token{}, nothing
	}
	return t.Token, s.use(ctx, t.Token, now)
}

// kept is a token with what its secret is known by.
type kept struct {
	Token
	Digest []byte
}

// use notes the use of a token, unless that was noted a short while ago.
func (s *Store) use(ctx context.Context, t Token, now time.Time) error {
	if t.LastUsedAt != nil && now.Sub(*t.LastUsedAt) < usedEvery {
		return nil
	}
	if _, err := s.pool.Exec(ctx, `update access.api_token set last_used_at = $2 where id = $1`, t.ID, now); err != nil {
		return fmt.Errorf("note the use of a token: %w", err)
	}
	return nil
}

func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// random gives n letters of the alphabet.
func random(n int) (string, error) {
	var b strings.Builder
	for range n {
		i, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			return "", fmt.Errorf("make a token: %w", err)
		}
		b.WriteByte(alphabet[i.Int64()])
	}
	return b.String(), nil
}
