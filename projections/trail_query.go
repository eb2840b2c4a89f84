package projections

import (
	"net/url"
	"strconv"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
)

// texts lists the Trail's text fields under their stable names in a URL.
func (t *Trail) texts() map[string]*string {
	return map[string]*string{
		"stream": &t.Stream, "category": &t.Category, "actor": (*string)(&t.Actor), "subject": (*string)(&t.Subject),
		"unit": (*string)(&t.Unit), "indicator": (*string)(&t.Indicator), "plan": (*string)(&t.Plan), "result": (*string)(&t.Result),
		"correlation": &t.Correlation, "command": (*string)(&t.Command), "source": (*string)(&t.Source), "capacity": (*string)(&t.Capacity),
		"value": &t.Value, "kind": &t.Kind, "period": &t.Period, "slot": &t.Slot, "employment": &t.Employment,
	}
}

func (t *Trail) days() map[string]*domain.Date {
	return map[string]*domain.Date{"day_from": &t.DayFrom, "day_until": &t.DayUntil, "as_of": &t.AsOf, "staff_on": &t.StaffOn, "silent_on": &t.SilentOn}
}

func (t *Trail) moments() map[string]*time.Time {
	return map[string]*time.Time{"recorded_from": &t.RecordedFrom, "recorded_until": &t.RecordedUntil}
}

func (t *Trail) positions() map[string]*uint64 {
	return map[string]*uint64{"after": &t.After, "up_to": &t.UpTo}
}

// Query writes the Trail as the parameters of a link. ParseTrail reads them back.
func (t Trail) Query() url.Values {
	v := url.Values{}
	for name, field := range t.texts() {
		if *field != "" {
			v.Set(name, *field)
		}
	}
	for name, field := range t.days() {
		if *field != "" {
			v.Set(name, string(*field))
		}
	}
	for name, field := range t.moments() {
		if !field.IsZero() {
			v.Set(name, field.UTC().Format(time.RFC3339Nano))
		}
	}
	for name, field := range t.positions() {
		if *field != 0 {
			v.Set(name, strconv.FormatUint(*field, 10))
		}
	}
	for _, name := range t.Names {
		v.Add("name", name)
	}
	if t.SilentDays != 0 {
		v.Set("silent_days", strconv.Itoa(t.SilentDays))
	}
	return v
}

// ParseTrail reads the parameters of a link; names it does not know are left to
// others. A malformed day, time or number is refused.
func ParseTrail(v url.Values) (Trail, error) {
	var t Trail
	for name, field := range t.texts() {
		*field = v.Get(name)
	}
	for name, field := range t.days() {
		if s := v.Get(name); s != "" {
			d, err := domain.ParseDate(name, s)
			if err != nil {
				return Trail{}, err
			}
			*field = d
		}
	}
	for name, field := range t.moments() {
		if s := v.Get(name); s != "" {
			at, err := time.Parse(time.RFC3339Nano, s)
			if err != nil {
				return Trail{}, domain.Bad(name, "time-malformed", "%s must be a time such as 2026-01-31T08:00:00Z", name)
			}
			*field = at.UTC()
		}
	}
	for name, field := range t.positions() {
		if s := v.Get(name); s != "" {
			n, err := strconv.ParseUint(s, 10, 63)
			if err != nil {
				return Trail{}, domain.Bad(name, "number-malformed", "%s must be a whole number", name)
			}
			*field = n
		}
	}
	for _, name := range v["name"] {
		if name != "" {
			t.Names = append(t.Names, name)
		}
	}
	if s := v.Get("silent_days"); s != "" {
		n, err := strconv.ParseUint(s, 10, 15)
		if err != nil {
			return Trail{}, domain.Bad("silent_days", "number-malformed", "silent_days must be a whole number of days")
		}
		t.SilentDays = int(n)
	}
	return t, nil
}
