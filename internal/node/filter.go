package node

import (
	"math"
	"strings"
	"time"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/dlclark/regexp2"
)

const (
	// maxPrefixes and maxPatternBytes bound what one subscription may ask of
	// every event.
	maxPrefixes     = 1024
	maxPatternBytes = 8192

	// matchLimit bounds one regular expression on one name: backtracking can take
	// for ever on purpose.
	matchLimit = 100 * time.Millisecond

	// maxVerdicts bounds the memory of names already tested.
	maxVerdicts = 8192

	// defaultWindow is the search window of a filter that names none.
	defaultWindow = 32
)

// filter chooses events of the log by the name of their stream or of their type.
// It is used by one reader at a time.
type filter struct {
	byStream bool
	prefixes []string
	pattern  *regexp2.Regexp // in the .NET dialect, as in EventStoreDB: clients send look-ahead
	verdicts map[string]bool

	every uint64 // considered events between two checkpoints
}

// newFilter reads a filter off the wire; nil for none.
func newFilter(o *api.ReadReq_Options_FilterOptions, subscribing bool) (*filter, error) {
	f := &filter{verdicts: map[string]bool{}}
	var by *api.ReadReq_Options_FilterOptions_Expression
	switch kind := o.GetFilter().(type) {
	case *api.ReadReq_Options_FilterOptions_StreamIdentifier:
		f.byStream, by = true, kind.StreamIdentifier
	case *api.ReadReq_Options_FilterOptions_EventType:
		by = kind.EventType
	default:
		return nil, nil
	}
	if err := f.expression(by); err != nil {
		return nil, err
	}
	window := uint64(defaultWindow)
	if w, ok := o.GetWindow().(*api.ReadReq_Options_FilterOptions_Max); ok {
		window = uint64(w.Max)
	}
	if window == 0 {
		return nil, invalid("the filter's search window must be at least 1")
	}
	if subscribing && o.GetCheckpointIntervalMultiplier() == 0 {
		return nil, invalid("the filter's checkpoint interval multiplier must be at least 1")
	}
	f.every = min(window*uint64(o.GetCheckpointIntervalMultiplier()), math.MaxInt64)
	return f, nil
}

func (f *filter) expression(by *api.ReadReq_Options_FilterOptions_Expression) error {
	regex, prefixes := by.GetRegex(), by.GetPrefix()
	switch {
	case regex != "" && len(prefixes) > 0:
		return invalid("a filter has either a regular expression or prefixes, not both")
	case regex == "" && len(prefixes) == 0:
		return invalid("a filter needs a regular expression or prefixes")
	case len(prefixes) > maxPrefixes:
		return invalid("a filter has at most %d prefixes", maxPrefixes)
	case len(regex) > maxPatternBytes:
		return invalid("a filter's regular expression has at most %d bytes", maxPatternBytes)
	}
	for _, p := range prefixes {
		if !storableText(p) || len(p) > maxPatternBytes {
			return invalid("a filter's prefix holds a NUL or is longer than %d bytes", maxPatternBytes)
		}
	}
	f.prefixes = prefixes
	if regex == "" {
		return nil
	}
	pattern, err := regexp2.Compile(regex, regexp2.None)
	if err != nil {
		return invalid("the filter's regular expression does not compile: %v", err)
	}
	pattern.MatchTimeout = matchLimit
	f.pattern = pattern
	return nil
}

// matches tells whether the event is wanted; every event is without a filter.
func (f *filter) matches(e *event) (bool, error) {
	if f == nil {
		return true, nil
	}
	name := e.typ
	if f.byStream {
		name = e.stream
	}
	if f.pattern == nil {
		for _, p := range f.prefixes {
			if strings.HasPrefix(name, p) {
				return true, nil
			}
		}
		return false, nil
	}
	if verdict, known := f.verdicts[name]; known {
		return verdict, nil
	}
	verdict, err := f.pattern.MatchString(name)
	if err != nil {
		return false, invalid("the filter's regular expression takes longer than %v on one name", matchLimit)
	}
	if len(f.verdicts) >= maxVerdicts {
		clear(f.verdicts)
	}
	f.verdicts[name] = verdict
	return verdict, nil
}
