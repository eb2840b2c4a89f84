package token_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/token"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// hand is a clock that the test turns.
type hand struct{ now time.Time }

func (h *hand) clock() time.Time { return h.now }

func open(t *testing.T) (*token.Store, *pgxpool.Pool, *hand) {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	h := &hand{time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)}
	s, err := token.Open(t.Context(), pool, h.clock)
	if err != nil {
		t.Fatal(err)
	}
	return s, pool, h
}

var wanted = token.New{Person: "p1", Name: "ekspor bulanan", Scopes: []caller.Scope{caller.Read, caller.Feed}, Life: 24 * time.Hour}

func create(t *testing.T, s *token.Store) (token.Token, string) {
	t.Helper()
	made, secret, err := s.Create(t.Context(), wanted)
	if err != nil {
		t.Fatal(err)
	}
	return made, secret
}

func TestATokenOpensWhatItWasMadeFor(t *testing.T) {
	s, _, _ := open(t)
	made, secret := create(t, s)
	if !regexp.MustCompile(`^jjk_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}$`).MatchString(secret) {
		t.Errorf("secret %q", secret)
	}
	got, err := s.LookUp(t.Context(), secret)
	if err != nil || got.ID != made.ID || got.Person != "p1" || len(got.Scopes) != 2 || got.LastUsedAt != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTheSecretIsNowhereInTheDatabase(t *testing.T) {
	s, pool, _ := open(t)
	_, secret := create(t, s)
	var row string
	if err := pool.QueryRow(t.Context(), `select t::text || encode(t.digest, 'escape') from access.api_token t`).Scan(&row); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(row, secret[len(secret)-43:]) {
		t.Error("the secret is kept")
	}
}

func TestWhatIsRevokedExpiredOrGuessedOpensNothing(t *testing.T) {
	s, _, h := open(t)
	made, secret := create(t, s)
	other := secret[:len(secret)-1] + map[bool]string{true: "a", false: "b"}[secret[len(secret)-1] != 'a']
	for _, guess := range []string{other, "", "jjk_", secret + "a", "jjk_000000000000_" + secret[len(secret)-43:], strings.Repeat("x", 10_000)} {
		if _, err := s.LookUp(t.Context(), guess); domain.KindOf(err) != domain.NotFound {
			t.Errorf("%.60q: %v", guess, err)
		}
	}
	h.now = h.now.Add(24 * time.Hour)
	if _, err := s.LookUp(t.Context(), secret); domain.KindOf(err) != domain.NotFound {
		t.Errorf("expired: %v", err)
	}
	h.now = h.now.Add(-time.Hour)
	for range 2 { // revoking again changes nothing
		if err := s.Revoke(t.Context(), made.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.LookUp(t.Context(), secret); domain.KindOf(err) != domain.NotFound {
		t.Errorf("revoked: %v", err)
	}
	if err := s.Revoke(t.Context(), "nobody"); domain.SlugOf(err) != "token-unknown" {
		t.Errorf("unknown: %v", err)
	}
}

func TestTheLastUseIsKnownToTheMinute(t *testing.T) {
	s, _, h := open(t)
	_, secret := create(t, s)
	for _, step := range []struct {
		later time.Duration
		want  time.Duration
	}{{0, 0}, {30 * time.Second, 0}, {31 * time.Second, 61 * time.Second}} {
		h.now = h.now.Add(step.later)
		if _, err := s.LookUp(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
		list, err := s.List(t.Context(), "p1")
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		if got := list[0].LastUsedAt.Sub(list[0].CreatedAt); got != step.want {
			t.Errorf("last used after %v, want %v", got, step.want)
		}
	}
}

func TestTheListIsThatOfThePerson(t *testing.T) {
	s, _, _ := open(t)
	create(t, s)
	create(t, s)
	for person, want := range map[domain.PersonID]int{"p1": 2, "p2": 0, "": 2} {
		if list, err := s.List(t.Context(), person); err != nil || len(list) != want {
			t.Errorf("%q: %d tokens, %v", person, len(list), err)
		}
	}
}

func TestWhatNoTokenMayBeIsRefused(t *testing.T) {
	s, _, _ := open(t)
	for slug, change := range map[string]func(*token.New){
		"id-missing":              func(n *token.New) { n.Person = "" },
		"token-name-malformed":    func(n *token.New) { n.Name = strings.Repeat("n", 81) },
		"token-scope-unknown":     func(n *token.New) { n.Scopes = []caller.Scope{"everything"} },
		"token-life-out-of-range": func(n *token.New) { n.Life = token.MaxLife + 1 },
	} {
		in := wanted
		change(&in)
		if _, _, err := s.Create(t.Context(), in); domain.SlugOf(err) != slug {
			t.Errorf("%s: %v", slug, err)
		}
	}
}
