package plan

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// Content is what two people sign: results with their indicators, and expected
// behaviour. Its slices are in the order in which things were added.
type Content struct {
	Results      []Result
	Expectations []Expectation
}

// Result is one result to reach. Istilah: rencana hasil kerja (RHK).
type Result struct {
	ID         domain.ResultID
	Kind       ResultKind
	Wording    string
	Serves     Serves
	Indicators []Indicator
}

// Indicator measures a result. Istilah: indikator kinerja individu.
type Indicator struct {
	Key     string
	Wording string
	Aspect  Aspect
	Target  domain.Decimal
	Measure string
}

// Expectation is the leader's special expectation on one value. Istilah: ekspektasi khusus pimpinan.
type Expectation struct {
	Value       domain.Value
	Expectation string
}

// Result finds a result.
func (c Content) Result(id domain.ResultID) (Result, bool) {
	i := c.find(id)
	if i < 0 {
		return Result{}, false
	}
	return c.Results[i], true
}

// MainResults lists the main results.
func (c Content) MainResults() []domain.ResultID {
	var ids []domain.ResultID
	for _, r := range c.Results {
		if r.Kind == Main {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// Indicator finds an indicator of a result.
func (r Result) Indicator(key string) (Indicator, bool) {
	i := slices.IndexFunc(r.Indicators, func(x Indicator) bool { return x.Key == key })
	if i < 0 {
		return Indicator{}, false
	}
	return r.Indicators[i], true
}

// Expected gives the special expectation on a value, empty when there is none.
func (c Content) Expected(v domain.Value) string {
	for _, e := range c.Expectations {
		if e.Value == v {
			return e.Expectation
		}
	}
	return ""
}

func (c Content) find(id domain.ResultID) int {
	return slices.IndexFunc(c.Results, func(r Result) bool { return r.ID == id })
}

func (c Content) clone() Content {
	c.Results, c.Expectations = slices.Clone(c.Results), slices.Clone(c.Expectations)
	for i := range c.Results {
		c.Results[i].Indicators = slices.Clone(c.Results[i].Indicators)
	}
	return c
}

// with gives the content after a fact about it. An unknown result is left alone.
func (c Content) with(event Event) Content {
	c = c.clone()
	switch e := event.(type) { //nolint:gochecksumtype // the others are not about the content
	case ResultAdded:
		c.Results = slices.DeleteFunc(c.Results, func(r Result) bool { return r.ID == e.Result })
		c.Results = append(c.Results, Result{ID: e.Result, Kind: e.Kind, Wording: e.Wording, Serves: e.Serves})
	case ResultAmended:
		if i := c.find(e.Result); i >= 0 {
			c.Results[i].Wording, c.Results[i].Serves = e.Wording, e.Serves
		}
	case ResultWithdrawn:
		c.Results = slices.DeleteFunc(c.Results, func(r Result) bool { return r.ID == e.Result })
	case IndicatorSet:
		if i := c.find(e.Result); i >= 0 {
			c.Results[i].Indicators = setIndicator(c.Results[i].Indicators, Indicator{e.Key, e.Wording, e.Aspect, e.Target, e.Measure})
		}
	case IndicatorRemoved:
		if i := c.find(e.Result); i >= 0 {
			c.Results[i].Indicators = slices.DeleteFunc(c.Results[i].Indicators, func(x Indicator) bool { return x.Key == e.Key })
		}
	case BehaviourExpected:
		c.Expectations = slices.DeleteFunc(c.Expectations, func(x Expectation) bool { return x.Value == e.Value })
		if e.Expectation != "" {
			c.Expectations = append(c.Expectations, Expectation(e))
		}
	}
	return c
}

func setIndicator(list []Indicator, x Indicator) []Indicator {
	i := slices.IndexFunc(list, func(y Indicator) bool { return y.Key == x.Key })
	if i < 0 {
		return append(list, x)
	}
	list[i] = x
	return list
}
