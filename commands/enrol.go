package commands

import (
	"context"
	"fmt"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// RegisterPerson makes a civil servant known to the ledger.
type RegisterPerson struct {
	// Person is the id to give; empty for that of the NIP when it has one, and else
	// one derived from the Idempotency-Key. Outcome.ID tells it.
	Person     domain.PersonID
	Identity   Identity
	Employment person.Employment
	// Invented is true for people of the demonstration.
	Invented bool
}

// Enrolment is everything known about a person at the start, for importers.
// Posts come first, then lines, then roles, each in the order given.
type Enrolment struct {
	RegisterPerson
	Posts []person.AssignPost
	Lines []person.SetReportingLine
	Roles []person.GrantRole
}

// RegisterPerson keeps the person's identity in the vault and then, in the
// ledger, the fact that there is such a person.
func (o *Office) RegisterPerson(ctx context.Context, ask Ask, in RegisterPerson) (Outcome, error) {
	return o.EnrolPerson(ctx, ask, Enrolment{RegisterPerson: in})
}

// EnrolPerson stores all facts of the enrolment in one append, or none. The
// units must exist; a superior may be enrolled later in the same import.
// Enrolling the same again changes nothing, and never the identity kept before.
func (o *Office) EnrolPerson(ctx context.Context, ask Ask, in Enrolment) (Outcome, error) {
	content, err := spell(in)
	if err != nil {
		return Outcome{}, err
	}
	if err := in.Identity.check(); err != nil {
		return Outcome{}, err
	}
	holder, taken, err := o.Vault.FindByNIP(ctx, in.Identity.NIP)
	if err != nil {
		return Outcome{}, fmt.Errorf("find by NIP: %w", err)
	}
	switch {
	case in.Person == "" && taken:
		in.Person = holder
	case in.Person == "":
		in.Person = domain.PersonID(ask.NewID("person"))
	}
	commands := in.commands()
	access := checked(
		func() (string, error) { return o.needMasterData(ctx, ask, person.PersonnelAgency) },
		func() error { return in.isHolder(holder, taken) },
		func() error { return o.checkUnits(ctx, in.Posts) })
	req := o.request(ask, "", "", "person", "enrol", content)
	return carry(ctx, o, person.Decider, string(in.Person), req, func(s person.State, m *domain.Meta) (orders[person.Command], error) {
		if m.Authority, err = access(); err != nil {
			return nil, err
		}
		if _, err := answer(person.Decider, s, commands); err != nil {
			return nil, err
		}
		if !s.Exists() {
			if err := o.Vault.Identify(ctx, in.Person, in.Identity); err != nil {
				return nil, fmt.Errorf("keep identity: %w", err)
			}
		}
		return func(*words) []person.Command { return commands }, nil
	})
}

func (in Enrolment) isHolder(holder domain.PersonID, taken bool) error {
	if taken && holder != in.Person {
		return domain.Refuse("nip-taken", "another person is on file with this NIP")
	}
	return nil
}

func (in Enrolment) commands() []person.Command {
	list := []person.Command{person.Register{Person: in.Person, Employment: in.Employment, Invented: in.Invented}}
	for _, c := range in.Posts {
		list = append(list, c)
	}
	for _, c := range in.Lines {
		list = append(list, c)
	}
	for _, c := range in.Roles {
		list = append(list, c)
	}
	return list
}

func (o *Office) checkUnits(ctx context.Context, posts []person.AssignPost) error {
	done := map[domain.UnitID]bool{}
	for _, p := range posts {
		if done[p.Unit] {
			continue
		}
		if err := o.checkUnit(ctx, "unit", p.Unit); err != nil {
			return err
		}
		done[p.Unit] = true
	}
	return nil
}

// NIPDigits is the length of a civil servant's number.
const NIPDigits = 18

func (i Identity) check() error {
	if err := domain.CheckWording("name", i.Name); err != nil {
		return err
	}
	if len(i.NIP) != NIPDigits {
		return domain.Bad("nip", "nip-malformed", "a NIP has %d digits", NIPDigits)
	}
	for _, c := range []byte(i.NIP) {
		if c < '0' || c > '9' {
			return domain.Bad("nip", "nip-malformed", "a NIP has %d digits", NIPDigits)
		}
	}
	if err := domain.CheckOptionalText("email", i.Email); err != nil {
		return err
	}
	return domain.CheckOptionalText("phone", i.Phone)
}
