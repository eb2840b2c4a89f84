package web_test

import "strconv"

// recordPages are the pages of the record: trail, facts, units and people.
func (s *story) recordPages() map[string]shot {
	return map[string]shot{
		"trail-inspector":   {hasan, "/jejak"},
		"trail-own":         {rahmi, "/jejak"},
		"trail-as-of":       {hasan, "/jejak?unit=dispar&category=plan&as_of=2026-02-01"},
		"trail-figure":      {rahmi, "/jejak?name=progress.reported.v1&slot=report&unit=dispar&day_from=2026-11-01&day_until=2026-11-23"},
		"trail-none":        {hasan, "/jejak?actor=fitri&category=appraisal"},
		"event":             {rahmi, s.factOf("appraisal-"+string(s.appraisal), -2)},
		"event-correction":  {teuku, s.factOf("progress-"+string(s.corrected), 1)},
		"event-established": {rahmi, s.factOf("plan-"+string(s.plan), -1)},
		"event-person":      {hasan, s.factOf("person-rahmi", 2)},
		"stream":            {teuku, "/jejak/aliran/plan-" + string(s.plan)},
		"units":             {"", "/unit"},
		"unit-head":         {cut, "/unit/dispar"},
		"unit-staff":        {rahmi, "/unit/dispar"},
		"unit-public":       {"", "/unit/dispar"},
		"person-self":       {rahmi, "/pegawai/rahmi"},
		"person-superior":   {teuku, "/pegawai/rahmi"},
		"person-colleague":  {"staf-1", "/pegawai/rahmi"},
		"person-public":     {"", "/pegawai/rahmi"},
		"timeline":          {teuku, "/pegawai/rahmi/linimasa?tentang=feedback"},
	}
}

// factOf is the page of a fact by its place in its stream; negative from the end.
func (s *story) factOf(stream string, place int) string {
	s.Helper()
	facts, err := s.store.Load(s.Context(), stream)
	if err != nil || len(facts) == 0 {
		s.Fatalf("%s: %d facts, %v", stream, len(facts), err)
	}
	if place < 0 {
		place += len(facts)
	}
	return "/jejak/" + strconv.FormatUint(facts[place].Position, 10)
}
