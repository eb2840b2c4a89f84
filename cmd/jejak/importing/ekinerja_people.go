package importing

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// workers act at once: the event store commits in groups.
const workers = 8

// batch is the import of one report, row by row understood.
type batch struct {
	office  *commands.Office
	table   *table
	records []*record
	people  map[string]*somebody // by NIP, of accepted rows
	order   []*somebody          // as they come in the file
	report  Progress
	closed  func(domain.UnitID, domain.Date) bool
}

// somebody is a civil servant with the rows about them.
type somebody struct {
	nip        string
	id         domain.PersonID // empty until known or enrolled
	known      bool
	employment person.Employment
	records    []*record
}

// meetPeople gathers rows by person and asks the vault who is known. The rows of
// somebody unknown are rejected when the report does not tell enough to enrol them.
func (b *batch) meetPeople(ctx context.Context, employment person.Employment) error {
	b.people = map[string]*somebody{}
	for _, r := range b.records {
		if !r.accepted() {
			continue
		}
		p := b.people[r.nip]
		if p == nil {
			p = &somebody{nip: r.nip, employment: employment}
			b.people[r.nip], b.order = p, append(b.order, p)
		}
		if r.employment != "" {
			p.employment = r.employment
		}
		p.records = append(p.records, r)
	}
	if err := b.each(ctx, b.order, "cari pegawai", b.recognise); err != nil {
		return err
	}
	b.order = slices.DeleteFunc(b.order, func(p *somebody) bool {
		slug := ""
		switch {
		case p.known:
		case p.name() == "":
			slug = "row-person-unknown"
		case p.employment == "":
			slug = "row-employment-missing"
		}
		if slug == "" {
			return false
		}
		for _, r := range p.records {
			in := cells{columns: b.table.columns, header: b.table.header, row: r.row}
			in.reject(nipField, slug)
			r.reasons = in.reasons
		}
		delete(b.people, p.nip)
		return true
	})
	return nil
}

// each does something for people, some at once.
func (b *batch) each(ctx context.Context, people []*somebody, what string, do func(context.Context, *somebody) error) error {
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for n, p := range people {
		if within.Err() != nil {
			break
		}
		group.Go(func() error { return do(within, p) })
		if what != "" {
			b.report(n+1, len(people), what)
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// recognise asks whether somebody is in the ledger. An identity without a person
// was left by a broken-off import: enrolling goes on with it.
func (b *batch) recognise(ctx context.Context, p *somebody) error {
	id, found, err := b.office.Vault.FindByNIP(ctx, p.nip)
	if err != nil {
		return fmt.Errorf("find by NIP: %w", err)
	}
	if !found {
		return nil
	}
	_, err = b.office.PersonState(ctx, id)
	if domain.KindOf(err) == domain.NotFound {
		return nil
	}
	p.id, p.known = id, err == nil
	return err
}

// name is the one of the last row that has one.
func (p *somebody) name() string {
	for _, r := range slices.Backward(p.records) {
		if r.name != "" {
			return r.name
		}
	}
	return ""
}

// mainPosts counts the plans in main posts.
func (p *somebody) mainPosts() int {
	plans := map[string]bool{}
	for _, r := range p.records {
		if !r.acting {
			plans[r.plan] = true
		}
	}
	return len(plans)
}

// enrol makes somebody known: with the present post, when the report tells its
// level, and nothing of what came before.
func (b *batch) enrol(ctx context.Context, p *somebody) (int, error) {
	e := commands.Enrolment{RegisterPerson: commands.RegisterPerson{Employment: p.employment,
		Identity: commands.Identity{Name: p.name(), NIP: p.nip}}}
	if post, ok := b.presentPost(p); ok {
		e.Posts = []person.AssignPost{post}
	}
	out, err := b.office.EnrolPerson(ctx, b.ask("enrol", p.records[0].row.Number), e)
	if err != nil {
		return 0, fmt.Errorf("enrol the person of row %d: %w", p.records[0].row.Number, err)
	}
	p.id, p.known = domain.PersonID(out.ID()), true
	return out.Events, nil
}

// presentPost is the main post whose plan ends last. It is held from the first day
// of its plan; where the report does not tell that, from the day after the plan
// before it ended, and else from the first day of the year.
func (b *batch) presentPost(p *somebody) (person.AssignPost, bool) {
	var present *record
	for _, r := range p.records {
		if !r.acting && r.level != "" && (present == nil || r.until >= present.until) {
			present = r
		}
	}
	if present == nil || present.unit == "" || present.post == "" || b.closed(present.unit, b.today()) {
		return person.AssignPost{}, false
	}
	from := present.from
	for _, r := range p.records {
		if present.from == "" && !r.acting && r.until < present.until {
			from = max(from, r.until.AddDays(1))
		}
	}
	if from == "" {
		from = b.table.heading.year().From
	}
	return person.AssignPost{Title: present.post, Level: present.level, Unit: present.unit, From: from}, true
}

func (b *batch) today() domain.Date { return domain.DateOf(b.office.Clock(), b.office.Zone) }
