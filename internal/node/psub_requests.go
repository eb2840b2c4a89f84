package node

import (
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
)

// readCreate reads a Create request. Older clients name the stream and the start
// in fields of their own, and .NET clients still do so for a stream.
func readCreate(o *persistent.CreateReq_Options) (groupSettings, error) {
	var s groupSettings
	settings := o.GetSettings()
	if settings == nil {
		return s, invalid("the settings of the persistent subscription are missing")
	}
	name, start, err := o.GetStreamIdentifier(), groupStart{place: settings.GetRevision()}, error(nil)
	switch {
	case o.GetAll() != nil:
		switch at := o.GetAll().GetAllOption().(type) {
		case *persistent.CreateReq_AllOptions_Position:
			start, err = startAt(at.Position)
		case *persistent.CreateReq_AllOptions_End:
			start = groupStart{end: true}
		case *persistent.CreateReq_AllOptions_Start:
			start = groupStart{}
		default:
			err = missingPart("PersistentSubscriptions.CreateReq+Types+AllOptions+AllOptionOneofCase")
		}
		if err != nil {
			return s, err
		}
		if s.Filter, err = readGroupedFilter(o.GetAll().GetFilter()); err != nil {
			return s, err
		}
	case o.GetStream() != nil:
		name = o.GetStream().GetStreamIdentifier()
		switch at := o.GetStream().GetRevisionOption().(type) {
		case *persistent.CreateReq_StreamOptions_Revision:
			start = groupStart{place: at.Revision}
		case *persistent.CreateReq_StreamOptions_End:
			start = groupStart{end: true}
		case *persistent.CreateReq_StreamOptions_Start:
			start = groupStart{}
		default:
			return s, missingPart("PersistentSubscriptions.CreateReq+Types+StreamOptions+RevisionOptionOneofCase")
		}
	}
	key, err := readGroupKey(o.GetAll() != nil, name, o.GetGroupName())
	if err != nil {
		return s, err
	}
	strategy := settings.GetConsumerStrategy()
	if strategy == "" {
		strategy = settings.GetNamedConsumerStrategy().String()
	}
	return s, s.receive(key, start, settings, strategy)
}

// readUpdate reads an Update request. It has no filter: that never changes.
func readUpdate(o *persistent.UpdateReq_Options) (groupSettings, error) {
	var s groupSettings
	settings := o.GetSettings()
	if settings == nil {
		return s, invalid("the settings of the persistent subscription are missing")
	}
	name, start, err := o.GetStreamIdentifier(), groupStart{place: settings.GetRevision()}, error(nil)
	switch {
	case o.GetAll() != nil:
		switch at := o.GetAll().GetAllOption().(type) {
		case *persistent.UpdateReq_AllOptions_Position:
			start, err = startAt(at.Position)
		case *persistent.UpdateReq_AllOptions_End:
			start = groupStart{end: true}
		case *persistent.UpdateReq_AllOptions_Start:
			start = groupStart{}
		default:
			err = missingPart("PersistentSubscriptions.UpdateReq+Types+AllOptions+AllOptionOneofCase")
		}
		if err != nil {
			return s, err
		}
	case o.GetStream() != nil:
		name = o.GetStream().GetStreamIdentifier()
		switch at := o.GetStream().GetRevisionOption().(type) {
		case *persistent.UpdateReq_StreamOptions_Revision:
			start = groupStart{place: at.Revision}
		case *persistent.UpdateReq_StreamOptions_End:
			start = groupStart{end: true}
		case *persistent.UpdateReq_StreamOptions_Start:
			start = groupStart{}
		default:
			return s, missingPart("PersistentSubscriptions.UpdateReq+Types+StreamOptions+RevisionOptionOneofCase")
		}
	}
	key, err := readGroupKey(o.GetAll() != nil, name, o.GetGroupName())
	if err != nil {
		return s, err
	}
	return s, s.receive(key, start, settings, settings.GetNamedConsumerStrategy().String())
}

// groupStart is where a group begins. The start itself is delivered, unlike that of
// a catch-up subscription. Clients write the end as the greatest number, too.
type groupStart struct {
	place uint64
	end   bool
}

// wirePosition is a position of Create or Update.
type wirePosition interface {
	GetCommitPosition() uint64
	GetPreparePosition() uint64
}

func startAt(p wirePosition) (groupStart, error) {
	if p.GetPreparePosition() > p.GetCommitPosition() {
		return groupStart{}, thrown()
	}
	return groupStart{place: p.GetCommitPosition()}, nil
}

// receive takes over what a request says.
func (s *groupSettings) receive(key groupKey, start groupStart, settings wireSettings, strategy string) error {
	s.Stream, s.Group = key.stream, key.group
	switch {
	case start.end || start.place == math.MaxUint64:
		s.Start = key.writePlace(-1)
	case start.place > math.MaxInt64:
		return thrown()
	default:
		s.Start = key.writePlace(int64(start.place))
	}
	return s.take(settings, strategy)
}
