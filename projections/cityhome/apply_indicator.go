package cityhome

import (
	"encoding/json"
	"fmt"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/projections"
)

const (
	defineSQL = `insert into cityhome_v3_indicator values ($1, $2, $3, $4, $5, $6) on conflict do nothing`
	// What a fact does not speak of is null and stays as it was.
	pointSQL = `insert into cityhome_v3_point as p values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11)
		on conflict (indicator, period) do update set
			target = coalesce(excluded.target, p.target), target_source = coalesce(excluded.target_source, p.target_source),
			target_was = coalesce(excluded.target_was, p.target_was),
			value = coalesce(excluded.value, p.value), value_source = coalesce(excluded.value_source, p.value_source),
			value_was = coalesce(excluded.value_was, p.value_was),
			notes = p.notes || excluded.notes, facts = p.facts + 1, position = excluded.position,
			revision = excluded.revision
		where p.position < excluded.position`
)

func applyIndicator(out projections.Statements, id string, at, revision uint64, event indicator.Event) error {
	var p Point
	switch e := event.(type) {
	case indicator.Defined:
		out.Exec(defineSQL, id, e.Name, e.Measure, e.Direction, e.Owner, at)
		return nil
	case indicator.TargetSet:
		p = Point{Period: e.Period, Target: &e.Value, TargetSource: &e.Source}
	case indicator.TargetRevised:
		p = Point{Period: e.Period, Target: &e.Value, TargetSource: &e.Source, TargetWas: &e.Old}
	case indicator.RealisationReported:
		p = Point{Period: e.Period, Value: &e.Value, ValueSource: &e.Source}
	case indicator.RealisationCorrected:
		p = Point{Period: e.Period, Value: &e.Value, ValueSource: &e.Source, ValueWas: &e.Old}
	case indicator.InconsistencyNoted:
		p = Point{Period: e.Period, Notes: []Note{{e.Note, e.Source}}}
	}
	targetSource, err := sourceJSON(p.TargetSource)
	if err != nil {
		return err
	}
	valueSource, err := sourceJSON(p.ValueSource)
	if err != nil {
		return err
	}
	notes := []byte(`[]`)
	if p.Notes != nil {
		if notes, err = json.Marshal(p.Notes); err != nil {
			return fmt.Errorf("write the notes of an indicator: %w", err)
		}
	}
	out.Exec(pointSQL, id, p.Period, hundredths(p.Target), targetSource, hundredths(p.TargetWas),
		hundredths(p.Value), valueSource, hundredths(p.ValueWas), string(notes), at, revision)
	return nil
}

func sourceJSON(s *indicator.Source) (*string, error) {
	if s == nil {
		return nil, nil
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write the source of an indicator: %w", err)
	}
	text := string(raw)
	return &text, nil
}

func hundredths(d *domain.Decimal) *int64 { return (*int64)(d) }
