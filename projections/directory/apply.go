package directory

import (
	"strings"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/unit"
	"github.com/jejak-kinerja/jejak/projections"
)

// Those of every hiring and transfer.
var (
	registerSQL = projections.Over("person text, employment text, invented boolean, at bigint",
		`insert into directory_v3_person (person, employment, invented, position) select * from r on conflict do nothing`)
	endMainSQL = projections.Over("person text, last_day text, at bigint", `update directory_v3_post p set until_day = r.last_day from r, `+projections.Lookup("directory_v3_post", "person")+` f
		where p.ctid = f.place and f.acting = '' and (f.until_day = '' or f.until_day > r.last_day) and f.from_day <= r.last_day and f.position < r.at`)
	assignSQL = projections.Over("person text, post text, title text, level text, unit text, acting text, from_day text, at bigint",
		`insert into directory_v3_post select person, post, title, level, unit, acting, from_day, '', at from r on conflict do nothing`)
	lineSQL = projections.Over("person text, from_day text, superior text, at bigint",
		`insert into directory_v3_line select person, from_day, superior, false, at, at from r on conflict do nothing`)
	questionSQL = projections.Over("person text, questioned boolean, at bigint",
		`update directory_v3_person p set questioned = r.questioned, position = r.at from r, `+projections.Lookup("directory_v3_person", "person")+` f where p.ctid = f.place and f.position < r.at`)
)

// Those of every fact.
var (
	seenPersonSQL = seenSQL("directory_v3_person", "person")
	seenUnitSQL   = seenSQL("directory_v3_unit", "unit")
)

func seenSQL(table, key string) string {
	return projections.Over(key+" text, revision bigint", `update `+table+` p set revision = r.revision from r, `+
		projections.Lookup(table, key)+` f where p.ctid = f.place and f.revision < r.revision`)
}

// Those that are rare.
const (
	endPostSQL = `update directory_v3_post set until_day = $3 where person = $1 and post = $2 and position < $4`
	correctSQL = `update directory_v3_line set superior = $4, corrected = true, changed = $5
		where person = $1 and from_day = $2 and superior = $3 and changed < $5`
	grantSQL    = `insert into directory_v3_role values ($1, $2, $3, '', $4) on conflict do nothing`
	revokeSQL   = `update directory_v3_role set until_day = $3 where person = $1 and role = $2 and until_day = '' and position < $4`
	separateSQL = `update directory_v3_person set last_day = $2, position = $3 where person = $1 and position < $3`
	destroySQL  = `update directory_v3_person set destroyed = array_append(destroyed, $2), position = $3
		where person = $1 and position < $3`
)

func apply(out projections.Statements, fact domain.Recorded) error {
	at := fact.Position
	category, id, _ := strings.Cut(fact.Stream, "-")
	switch e := fact.Body.(type) {
	case person.Registered:
		out.Each(registerSQL, e.Person, e.Employment, e.Invented, at)
	case person.PostAssigned:
		if e.Acting == "" {
			out.Each(endMainSQL, id, e.From.AddDays(-1), at)
		}
		out.Each(assignSQL, id, e.Post, e.Title, e.Level, e.Unit, e.Acting, e.From, at)
	case person.PostEnded:
		out.Exec(endPostSQL, id, e.Post, e.LastDay, at)
	case person.ReportingLineSet:
		out.Each(lineSQL, id, e.From, e.Superior, at)
		out.Each(questionSQL, id, false, at)
	case person.ReportingLineCorrected:
		out.Exec(correctSQL, id, e.From, e.Wrong, e.Superior, at)
		out.Each(questionSQL, id, false, at)
	case person.LineQuestioned:
		out.Each(questionSQL, id, true, at)
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
	switch category {
	case "person":
		out.Each(seenPersonSQL, id, fact.Revision)
	case "unit":
		out.Each(seenUnitSQL, id, fact.Revision)
	}
	return nil
}
