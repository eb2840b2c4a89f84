package commands_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

func TestAnEnrolmentIsOneAppendOfAllItsFacts(t *testing.T) {
	c := newCity(t)
	out := done(t)(c.EnrolPerson(ctx, as(fitri), newcomer))
	id := domain.PersonID(out.ID())
	want := []any{
		person.Registered{Person: id, Employment: person.PPPK, Invented: true},
		person.PostAssigned{Post: "p1", Title: "Analis", Level: person.Functional, Unit: "dinas", From: "2026-01-01"},
		person.ReportingLineSet{Superior: "not-yet-enrolled", From: "2026-01-01"},
		person.RoleGranted{Role: person.Inspectorate, From: "2026-01-01"},
	}
	if got := c.facts(out.Stream, 0); !reflect.DeepEqual(got, want) || out.Events != len(want) {
		t.Errorf("got %#v, %+v", got, out)
	}
	if c.people.known[id] != newcomer.Identity {
		t.Errorf("the vault keeps %+v", c.people.known[id])
	}
	if id != domain.PersonID(as(fitri).NewID("person")) {
		t.Errorf("the id %s does not follow from the key", id)
	}
}

func TestNoNameAndNoNIPStandsInTheLedger(t *testing.T) {
	c := newCity(t)
	done(t)(c.EnrolPerson(ctx, as(fitri), newcomer))
	for _, r := range c.log.All() {
		for _, secret := range []string{newcomer.Identity.Name, newcomer.Identity.NIP} {
			if strings.Contains(string(r.Data), secret) {
				t.Errorf("%s holds %q", r.Data, secret)
			}
		}
	}
}

func TestANIPMeansOnePerson(t *testing.T) {
	c := newCity(t)
	first := done(t)(c.EnrolPerson(ctx, as(fitri), newcomer))
	renamed := newcomer
	renamed.Identity.Name = "Nama Lain"
	again := done(t)(c.EnrolPerson(ctx, key(as(fitri), "another-key"), renamed))
	if again.Stream != first.Stream || again.Events != 0 {
		t.Errorf("enrolled again as %+v, first as %+v", again, first)
	}
	if got := c.people.known[domain.PersonID(first.ID())]; got != newcomer.Identity {
		t.Errorf("enrolling again changed the identity to %+v", got)
	}
	renamed.Person = "chosen"
	refused(t, "nip-taken")(c.EnrolPerson(ctx, key(as(fitri), "a-third-key"), renamed))
}

func TestAnEnrolmentWithAChosenIDKeepsIt(t *testing.T) {
	c := newCity(t)
	chosen := newcomer
	chosen.Person = "mira"
	for _, k := range []domain.CommandID{"first-key", "second-key"} {
		if out := done(t)(c.EnrolPerson(ctx, key(as(fitri), k), chosen)); out.Stream != "person-mira" {
			t.Errorf("got %+v", out)
		}
	}
}

func TestARefusedEnrolmentKeepsNoIdentity(t *testing.T) {
	for slug, change := range map[string]func(*commands.Enrolment){
		"unit-unknown": func(e *commands.Enrolment) { e.Posts = []person.AssignPost{{Unit: "nowhere"}} },
		"title-missing": func(e *commands.Enrolment) {
			e.Posts = []person.AssignPost{{Level: person.Executive, Unit: "dinas", From: "2026-01-01"}}
		},
		"employment-unknown": func(e *commands.Enrolment) { e.Employment = "honorer" },
		"roles-exclude-each-other": func(e *commands.Enrolment) {
			e.Roles = append(e.Roles[:1:1], person.GrantRole{Role: person.SystemAdministrator, From: "2026-01-01"})
		},
		"nip-malformed": func(e *commands.Enrolment) { e.Identity.NIP = "19900101202001200x" },
		"name-missing":  func(e *commands.Enrolment) { e.Identity.Name = "" },
		"id-malformed":  func(e *commands.Enrolment) { e.Person = "Mira" },
	} {
		c := newCity(t)
		enrolment := newcomer
		change(&enrolment)
		if strings.HasSuffix(slug, "-missing") {
			slug = "text-missing"
		}
		held := len(c.log.All())
		refused(t, slug)(c.EnrolPerson(ctx, as(fitri), enrolment))
		if len(c.people.known) != 0 || len(c.log.All()) != held {
			t.Errorf("%s: the vault keeps %v", slug, c.people.known)
		}
	}
}

func TestANIPHasEighteenDigits(t *testing.T) {
	c := newCity(t)
	for _, nip := range []string{"", "19900101202001200", "1990010120200120011", "19900101 202001 2 001", "１９９００１０１"} {
		in := newcomer.RegisterPerson
		in.Identity.NIP = nip
		refused(t, "nip-malformed")(c.RegisterPerson(ctx, as(fitri), in))
	}
}

func TestAnIdentityKeptBeforeACrashIsTakenUpByTheNextEnrolment(t *testing.T) {
	c := newCity(t)
	c.people.known["left-behind"] = newcomer.Identity // kept, and then the append never came
	out := done(t)(c.EnrolPerson(ctx, as(fitri), newcomer))
	if out.Stream != "person-left-behind" || len(c.people.known) != 1 {
		t.Errorf("got %+v with %v", out, c.people.known)
	}
}

func TestWithoutTheVaultNobodyIsEnrolled(t *testing.T) {
	c := newCity(t)
	c.people.broken = errBroken
	held := len(c.log.All())
	if _, err := c.EnrolPerson(ctx, as(fitri), newcomer); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
	if len(c.log.All()) != held {
		t.Error("a fact was stored about somebody the vault does not know")
	}
}

func TestTheSecretHidesWhatTheRequestSaid(t *testing.T) {
	open, closed := newCity(t), newCity(t)
	closed.Secret = []byte("thirty-two bytes of this machine")
	done(t)(open.EnrolPerson(ctx, as(fitri), newcomer))
	done(t)(closed.EnrolPerson(ctx, as(fitri), newcomer))
	if open.last().Meta.Request == closed.last().Meta.Request {
		t.Error("the digest of a request does not depend on the secret")
	}
	if again := done(t)(closed.EnrolPerson(ctx, as(fitri), newcomer)); !again.Replayed {
		t.Error("a repeat is not recognised")
	}
}
