package directory

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/unit"
	"github.com/jejak-kinerja/jejak/projections"
)

const (
	establishSQL = `insert into directory_v3_unit (unit, code, kind, parent, from_day, origin, position)
		values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`
	nameSQL  = `insert into directory_v3_unit_name values ($1, $2, $3, $4) on conflict do nothing`
	aliasSQL = `update directory_v3_unit set aliases = array_append(aliases, $2), position = $3 where unit = $1 and position < $3`
	// A mandate that holds on the last day ends on it; one that begins later is left alone.
	endDefinitiveSQL = `update directory_v3_head set until_day = $2
		where unit = $1 and capacity = 'definitif' and ($3 = '' or person = $3)
		and from_day <= $2 and (until_day = '' or until_day >= $2) and position < $4`
	endActingSQL = `update directory_v3_head set until_day = $2
		where unit = $1 and capacity <> 'definitif' and person = $3
		and from_day <= $2 and (until_day = '' or until_day >= $2) and position < $4`
	headSQL  = `insert into directory_v3_head values ($1, $2, $3, $4, $5, $6) on conflict do nothing`
	closeSQL = `update directory_v3_unit set last_day = $2, position = $3 where unit = $1 and position < $3`
)

func applyUnit(out projections.Statements, id string, at uint64, event unit.Event) {
	switch e := event.(type) {
	case unit.Established:
		out.Exec(establishSQL, id, e.Code, e.Kind, e.Parent, e.From, e.Origin, at)
		out.Exec(nameSQL, id, e.Name, e.From, at)
	case unit.Renamed:
		out.Exec(nameSQL, id, e.Name, e.From, at)
	case unit.CodeAliased:
		out.Exec(aliasSQL, id, e.Alias, at)
	case unit.HeadAppointed:
		out.Exec(endDefinitiveSQL, id, e.From.AddDays(-1), "", at)
		out.Exec(headSQL, id, e.Person, domain.Definitive, e.From, "", at)
	case unit.HeadReleased:
		out.Exec(endDefinitiveSQL, id, e.LastDay, e.Person, at)
	case unit.ActingHeadAssigned:
		out.Exec(headSQL, id, e.Person, e.Capacity, e.Span.From, e.Span.Until, at)
	case unit.ActingHeadEnded:
		out.Exec(endActingSQL, id, e.LastDay, e.Person, at)
	case unit.Closed:
		out.Exec(closeSQL, id, e.LastDay, at)
	}
}
