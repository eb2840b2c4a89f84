package node

import (
	"strconv"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
)

// readCreate reads a Create request. Older clients name the stream and the start
// in fields of their own.
func readCreate(o *persistent.CreateReq_Options) (groupSettings, error) {
	var s groupSettings
	settings := o.GetSettings()
	name, start := o.GetStreamIdentifier(), strconv.FormatInt(clamp(settings.GetRevision()), 10)
	switch {
	case settings == nil:
		return s, invalid("the settings of the persistent subscription are missing")
	case o.GetAll() != nil:
		start = readStart(true, o.GetAll().GetPosition(), 0, o.GetAll().GetEnd() != nil)
		filter, err := readGroupedFilter(o.GetAll().GetFilter())
		if err != nil {
			return s, err
		}
		s.Filter = filter
	case o.GetStream() != nil:
		name = o.GetStream().GetStreamIdentifier()
		start = readStart(false, nil, o.GetStream().GetRevision(), o.GetStream().GetEnd() != nil)
	}
	key, err := readGroupKey(o.GetAll() != nil, name, o.GetGroupName())
	if err != nil {
		return s, err
	}
	s.Stream, s.Group, s.Start = key.stream, key.group, start
	strategy := settings.GetConsumerStrategy()
	if strategy == "" {
		strategy = settings.GetNamedConsumerStrategy().String()
	}
	return s, s.take(settings, strategy)
}

// readUpdate reads an Update request. It has no filter: that never changes.
func readUpdate(o *persistent.UpdateReq_Options) (groupSettings, error) {
	var s groupSettings
	settings := o.GetSettings()
	name, start := o.GetStreamIdentifier(), strconv.FormatInt(clamp(settings.GetRevision()), 10)
	switch {
	case settings == nil:
		return s, invalid("the settings of the persistent subscription are missing")
	case o.GetAll() != nil:
		start = readStart(true, o.GetAll().GetPosition(), 0, o.GetAll().GetEnd() != nil)
	case o.GetStream() != nil:
		name = o.GetStream().GetStreamIdentifier()
		start = readStart(false, nil, o.GetStream().GetRevision(), o.GetStream().GetEnd() != nil)
	}
	key, err := readGroupKey(o.GetAll() != nil, name, o.GetGroupName())
	if err != nil {
		return s, err
	}
	s.Stream, s.Group, s.Start = key.stream, key.group, start
	return s, s.take(settings, settings.GetNamedConsumerStrategy().String())
}

// wirePosition is a position of Create or Update.
type wirePosition interface{ GetCommitPosition() uint64 }

// readStart puts the start of a group into the form in which it is kept. The
// start itself is delivered, unlike that of a catch-up subscription.
func readStart(all bool, position wirePosition, revision uint64, end bool) string {
	key, place := groupKey{}, clamp(revision)
	if all {
		key.stream, place = allStream, clamp(position.GetCommitPosition())
	}
	if end {
		place = -1
	}
	return key.writePlace(place)
}
