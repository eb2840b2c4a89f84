package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// enrol stores who somebody is, the post, the line and the roles, in one append.
func (c *city) enrol(ctx context.Context, m member) error {
	from := c.service()
	e := commands.Enrolment{
		RegisterPerson: commands.RegisterPerson{Person: m.id, Employment: m.employment, Invented: true,
			Identity: commands.Identity{Name: m.name, NIP: m.nip, Email: emailOf(m.name, m.index)}},
		Posts: []person.AssignPost{{Title: m.title, Level: m.level, Unit: m.unit, From: from}},
	}
	if m.superior != none {
		e.Lines = []person.SetReportingLine{{Superior: c.members[m.superior].id, From: from}}
	}
	for _, role := range m.roles {
		e.Roles = append(e.Roles, person.GrantRole{Role: role, From: from})
	}
	if _, err := c.at(c.opening()).EnrolPerson(ctx, c.ask("", "enrol", m.index), e); err != nil {
		return fmt.Errorf("enrol invented person %d: %w", m.index, err)
	}
	return nil
}

// lead puts heads and the acting head in charge.
func (c *city) lead(ctx context.Context, m member) error {
	if m.heads {
		in := unit.AppointHead{Person: m.id, From: c.service()}
		if _, err := c.at(c.opening()).AppointHead(ctx, c.ask("", "head", m.index), m.unit, in); err != nil {
			return fmt.Errorf("appoint invented person %d: %w", m.index, err)
		}
	}
	if m.plt != "" {
		in := unit.AssignActingHead{Person: m.id, Capacity: domain.ActingVacant, Span: domain.Span{From: c.service()}}
		if _, err := c.at(c.opening()).AssignActingHead(ctx, c.ask("", "plt", m.index), m.plt, in); err != nil {
			return fmt.Errorf("let invented person %d act: %w", m.index, err)
		}
	}
	return nil
}

// opening is when the master data was taken down.
func (c *city) opening() time.Time {
	return time.Date(c.year()-1, time.January, 2, 9, 0, 0, 0, c.office.Zone)
}
