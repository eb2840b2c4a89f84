package directory

import (
	"strings"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/unit"
	"github.com/jejak-kinerja/jejak/projections"
)

const (
	registerSQL = `insert into directory_v1_person (person, employment, invented, position) values ($1, $2, $3, $4) on conflict do nothing`
	endMainSQL  = `update directory_v1_post set until_day = $2
		where person = $1 and acting = '' and until_day = '' and from_day <= $2 and position < $3`
	assignSQL  = `insert into directory_v1_post values ($1, $2, $3, $4, $5, $6, $7, '', $8) on conflict do nothing`
	endPostSQL = `update directory_v1_post set until_day = $3 where person = $1 and post = $2 and position < $4`
	lineSQL    = `insert into directory_v1_line values ($1, $2, $3, false, $4, $4) on conflict do nothing`
	correctSQL = `update directory_v1_line set superior = $4, corrected = true, changed = $5
		where person = $1 and from_day = $2 and superior = $3 and changed < $5`
	questionSQL = `update directory_v1_person set questioned = $2, position = $3 where person = $1 and position < $3`
	grantSQL    = `insert into directory_v1_role values ($1, $2, $3, '', $4) on conflict do nothing`
	revokeSQL   = `update directory_v1_role set until_day = $3 where person = $1 and role = $2 and until_day = '' and position < $4`
	separateSQL = `update directory_v1_person set last_day = $2, position = $3 where person = $1 and position < $3`
	destroySQL  = `update directory_v1_person set destroyed = array_append(destroyed, $2), position = $3
		where person = $1 and position < $3`
)

func apply(out projections.Statements, fact domain.Recorded) error {
	at := fact.Position
	id := id(fact.Stream)
	switch e := fact.Body.(type) {
	case person.Registered:
		out.Exec(registerSQL, e.Person, e.Employment, e.Invented, at)
	case person.PostAssigned:
		if e.Acting == "" {
			out.Exec(endMainSQL, id, e.From.AddDays(-1), at)
		}
		out.Exec(assignSQL, id, e.Post, e.Title, e.Level, e.Unit, e.Acting, e.From, at)
	case person.PostEnded:
		out.Exec(endPostSQL, id, e.Post, e.LastDay, at)
	case person.ReportingLineSet:
		out.Exec(lineSQL, id, e.From, e.Superior, at)
		out.Exec(questionSQL, id, false, at)
	case person.ReportingLineCorrected:
		out.Exec(correctSQL, id, e.From, e.Wrong, e.Superior, at)
		out.Exec(questionSQL, id, false, at)
	case person.LineQuestioned:
		out.Exec(questionSQL, id, true, at)
	case person.RoleGranted:
		out.Exec(grantSQL, id, e.Role, e.From, at)
	case person.RoleRevoked:
		out.Exec(revokeSQL, id, e.Role, e.LastDay, at)
	case person.Separated:
		out.Exec(separateSQL, id, e.LastDay, at)
	case person.KeyDestroyed:
		out.Exec(destroySQL, id, e.Class, at)
	case unit.Event:
		applyUnit(out, id, at, e)
	}
	return nil
}

// id is the part of a stream's name after its category.
func id(stream string) string {
	_, id, _ := strings.Cut(stream, "-")
	return id
}
