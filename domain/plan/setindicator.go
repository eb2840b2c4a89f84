package plan

import (
	"fmt"
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// MaxIndicators of one result: four aspects, some of them twice.
const MaxIndicators = 10

// SetIndicator says how a result is measured. An empty Key takes the next free
// one; a known Key replaces what it named. Istilah: tetapkan indikator.
type SetIndicator struct {
	By      domain.PersonID
	Result  domain.ResultID
	Key     string
	Wording string
	Aspect  Aspect
	// Target in hundredths of Measure.
	Target  domain.Decimal
	Measure string
}

func (SetIndicator) planCommand() {}

// Author gives the edit in the name of a person.
func (c SetIndicator) Author(by domain.PersonID) Edit { c.By = by; return c }

func decideSetIndicator(s State, c SetIndicator) ([]Event, error) {
	if err := s.writable(c.By); err != nil {
		return nil, err
	}
	r, err := s.needResult(c.Result)
	if err != nil {
		return nil, err
	}
	if err := checkIndicator(s, c); err != nil {
		return nil, err
	}
	if c.Key == "" {
		c.Key = r.nextKey()
	}
	now, known := r.Indicator(c.Key)
	if now == (Indicator{c.Key, c.Wording, c.Aspect, c.Target, c.Measure}) {
		return nil, nil
	}
	if !known && len(r.Indicators) >= MaxIndicators {
		return nil, domain.Refuse("too-many-indicators", "a result has at most %d indicators", MaxIndicators)
	}
	return []Event{IndicatorSet{c.Result, c.Key, c.Wording, c.Aspect, c.Target, c.Measure}}, nil
}

func checkIndicator(s State, c SetIndicator) error {
	if c.Key != "" {
		if err := domain.CheckID("key", c.Key); err != nil {
			return err
		}
	}
	if err := domain.CheckWording("wording", c.Wording); err != nil {
		return err
	}
	if !slices.Contains(s.Aspects(), c.Aspect) {
		return domain.Bad("aspect", "aspect-not-for-plan", "in this plan the aspect is one of %v", s.Aspects())
	}
	if c.Target < 0 {
		return domain.Bad("target", "target-negative", "a target is not negative")
	}
	if err := domain.CheckDecimal("target", c.Target); err != nil {
		return err
	}
	return domain.CheckWording("measure", c.Measure)
}

func (r Result) nextKey() string {
	for n := 1; ; n++ {
		key := fmt.Sprintf("i%d", n)
		if _, taken := r.Indicator(key); !taken {
			return key
		}
	}
}
