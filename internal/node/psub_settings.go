package node

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// Limits of one persistent subscription.
const (
	// maxGroupBuffer bounds the events that a group or one of its consumers may
	// hold in memory.
	maxGroupBuffer = 10_000

	// groupNameRoom is what the names of a group's own streams add to the names of
	// its stream and its group.
	groupNameRoom = len(groupPrefix) + len(groupSeparator) + len(checkpointSuffix)

	ticksPerMillisecond = 10_000
)

// The ways in which a group chooses the consumer of an event.
const (
	strategyRoundRobin    = "RoundRobin"
	strategySingle        = "DispatchToSingle"
	strategyPinned        = "Pinned"
	strategyByCorrelation = "PinnedByCorrelation"
)

// groupKey names a persistent subscription: a stream, or $all, and a group.
type groupKey struct{ stream, group string }

// groupSettings are a persistent subscription as it is kept in the configuration
// stream. The field names are EventStoreDB's, apart from "began".
type groupSettings struct {
	Stream       string         `json:"stream"`
	Group        string         `json:"group"`
	Resolve      bool           `json:"resolveLinkTos"`
	Extra        bool           `json:"extraStatistics"`
	Start        string         `json:"startPosition"` // "-1" or "C:-1/P:-1" for the end
	TimeoutMS    int64          `json:"messageTimeout"`
	MaxRetry     int32          `json:"maxRetryCount"`
	Live         int32          `json:"liveBufferSize"`
	Batch        int32          `json:"readBatchSize"`
	History      int32          `json:"historyBufferSize"`
	CheckAfterMS int64          `json:"checkPointAfter"`
	MinCheck     int32          `json:"minCheckPointCount"`
	MaxCheck     int32          `json:"maxCheckPointCount"`
	MaxConsumers int32          `json:"maxSubscriberCount"`
	Strategy     string         `json:"namedConsumerStrategy"`
	Filter       *groupedFilter `json:"filter,omitempty"`

	// Began is where the end was when the group was made, so that a restart before
	// the first checkpoint loses nothing: the last place not to be delivered.
	Began int64 `json:"began"`
}

// groupedFilter is the filter of a group on $all, in a form that can be stored.
type groupedFilter struct {
	ByStream bool     `json:"byStream"`
	Regex    string   `json:"regex,omitempty"`
	Prefixes []string `json:"prefixes,omitempty"`
	Window   uint32   `json:"window"`
	Multiple uint32   `json:"checkpointIntervalMultiplier"`
}

func (s groupSettings) key() groupKey { return groupKey{s.Stream, s.Group} }

// wireSettings is what Create and Update have in common.
type wireSettings interface {
	GetResolveLinks() bool
	GetExtraStatistics() bool
	GetMaxRetryCount() int32
	GetMinCheckpointCount() int32
	GetMaxCheckpointCount() int32
	GetMaxSubscriberCount() int32
	GetLiveBufferSize() int32
	GetReadBatchSize() int32
	GetHistoryBufferSize() int32
	GetMessageTimeoutMs() int32
	GetMessageTimeoutTicks() int64
	GetCheckpointAfterMs() int32
	GetCheckpointAfterTicks() int64
}

// take reads the settings off the wire and refuses what makes no sense.
func (s *groupSettings) take(w wireSettings, strategy string) error {
	s.Resolve, s.Extra, s.Strategy = w.GetResolveLinks(), w.GetExtraStatistics(), strategy
	s.MaxRetry, s.MaxConsumers = w.GetMaxRetryCount(), w.GetMaxSubscriberCount()
	s.MinCheck, s.MaxCheck = w.GetMinCheckpointCount(), w.GetMaxCheckpointCount()
	s.Live, s.Batch, s.History = w.GetLiveBufferSize(), w.GetReadBatchSize(), w.GetHistoryBufferSize()
	s.TimeoutMS = int64(w.GetMessageTimeoutMs()) + w.GetMessageTimeoutTicks()/ticksPerMillisecond
	s.CheckAfterMS = int64(w.GetCheckpointAfterMs()) + w.GetCheckpointAfterTicks()/ticksPerMillisecond
	switch {
	case s.TimeoutMS < 0 || s.TimeoutMS > math.MaxInt32 || s.CheckAfterMS < 0 || s.CheckAfterMS > math.MaxInt32:
		return invalid("message timeout and checkpoint interval must be 0 to %d ms", math.MaxInt32)
	case s.MaxRetry < 0 || s.MinCheck < 0 || s.MaxCheck < 0 || s.MaxConsumers < 0:
		return invalid("counts of a persistent subscription must not be negative")
	case s.Live < 0 || s.Batch < 0 || s.History < 0 || max(s.Live, s.Batch, s.History) > maxGroupBuffer:
		return invalid("buffers of a persistent subscription hold 0 to %d events", maxGroupBuffer)
	case s.Batch >= s.History:
		return groupFailed(s.key(), textBatchOverBuffer)
	}
	switch strategy {
	case strategyRoundRobin, strategySingle, strategyPinned, strategyByCorrelation:
		return nil
	}
	return groupFailed(s.key(), fmt.Sprintf(textStrategyUnknown, strategy))
}

// readGroupName checks the names of a group together with its stream.
func readGroupName(stream, group string) (groupKey, error) {
	switch {
	case group == "":
		return groupKey{}, invalid("the group name is missing")
	case !storableText(group):
		return groupKey{}, invalid("the group name is not valid UTF-8 without NUL")
	case len(stream)+len(group)+groupNameRoom > maxNameBytes:
		return groupKey{}, invalid("the names of stream and group have together at most %d bytes", maxNameBytes-groupNameRoom)
	}
	return groupKey{stream, group}, nil
}

// filter makes the filter usable; nil for none.
func (f *groupedFilter) filter() (*filter, error) {
	if f == nil {
		return nil, nil
	}
	expression := &api.ReadReq_Options_FilterOptions_Expression{Regex: f.Regex, Prefix: f.Prefixes}
	options := &api.ReadReq_Options_FilterOptions{
		Window:                       &api.ReadReq_Options_FilterOptions_Max{Max: f.Window},
		CheckpointIntervalMultiplier: max(f.Multiple, 1), // .NET clients send none
		Filter:                       &api.ReadReq_Options_FilterOptions_EventType{EventType: expression},
	}
	if f.ByStream {
		options.Filter = &api.ReadReq_Options_FilterOptions_StreamIdentifier{StreamIdentifier: expression}
	}
	return newFilter(options, true)
}

// readGroupedFilter takes a filter off the wire and tries it.
func readGroupedFilter(o *persistent.CreateReq_AllOptions_FilterOptions) (*groupedFilter, error) {
	f := &groupedFilter{Window: defaultWindow, Multiple: o.GetCheckpointIntervalMultiplier()}
	var by *persistent.CreateReq_AllOptions_FilterOptions_Expression
	switch kind := o.GetFilter().(type) {
	case *persistent.CreateReq_AllOptions_FilterOptions_StreamIdentifier:
		f.ByStream, by = true, kind.StreamIdentifier
	case *persistent.CreateReq_AllOptions_FilterOptions_EventType:
		by = kind.EventType
	default:
		return nil, nil
	}
	if w, ok := o.GetWindow().(*persistent.CreateReq_AllOptions_FilterOptions_Max); ok {
		f.Window = w.Max
	}
	f.Regex, f.Prefixes = by.GetRegex(), by.GetPrefix()
	if _, err := f.filter(); err != nil {
		return nil, err
	}
	return f, nil
}

// writePlace puts a place into the protocol's text: a revision, or a position.
func (k groupKey) writePlace(place int64) string {
	if k.stream == allStream {
		return fmt.Sprintf("C:%d/P:%d", place, place)
	}
	return strconv.FormatInt(place, 10)
}

// readPlace reads what writePlace wrote.
func readPlace(text string) (int64, bool) {
	if commit, ok := strings.CutPrefix(text, "C:"); ok {
		text, _, _ = strings.Cut(commit, "/P:")
	}
	place, err := strconv.ParseInt(text, 10, 64)
	return place, err == nil && place >= -1
}
