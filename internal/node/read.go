package node

import (
	"cmp"
	"context"
	"math"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// query is a Read request that has been understood.
type query struct {
	stream    string // "" for the whole log
	back      bool
	from      origin
	count     uint64
	subscribe bool
	filter    *filter // nil for all
	resolve   bool    // send the targets of link events along
	stringIDs bool
	modern    bool // the client understands the position messages
}

// origin is where a read starts.
type origin struct {
	kind  originKind
	place int64 // a revision or a position, for atPlace
}

type originKind uint8

const (
	atPlace originKind = iota
	atStart
	atEnd
)

// Read answers pages and subscriptions alike; what the request combines decides.
func (s streams) Read(req *api.ReadReq, call api.Streams_ReadServer) error {
	var q query
	if err := q.readSource(req.GetOptions()); err != nil {
		return err
	}
	right := s.node.stand(cmp.Or(q.stream, allStream))
	if err := s.node.mayNow(call.Context(), rightRead, right.stream); err != nil {
		return err
	}
	if err := q.readRest(req.GetOptions()); err != nil {
		return err
	}
	if s.node.isStopping() {
		return shuttingDown()
	}
	if err := s.node.mustLead(call.Context()); err != nil {
		return err
	}
	o := &outlet{call: call, query: q, reader: s.node.reader}
	if q.subscribe {
		o.right = right
	}
	switch {
	case q.subscribe:
		return s.node.subscribe(call.Context(), o)
	case q.stream == "":
		return s.node.readLog(call.Context(), o)
	}
	return s.node.readStream(call.Context(), o)
}

// readRest reads all but the source.
func (q *query) readRest(o *api.ReadReq_Options) error {
	q.back = o.GetReadDirection() == api.ReadReq_Options_Backwards
	q.resolve = o.GetResolveLinks()
	q.modern = o.GetControlOption().GetCompatibility() >= 1
	if d := o.GetReadDirection(); d != api.ReadReq_Options_Forwards && d != api.ReadReq_Options_Backwards {
		return invalid("unknown read direction %d", d)
	}
	switch o.GetUuidOption().GetContent().(type) {
	case *api.ReadReq_Options_UUIDOption_Structured:
	case *api.ReadReq_Options_UUIDOption_String_:
		q.stringIDs = true
	default:
		return invalid("the form of event ids (uuid_option) is missing")
	}
	switch o.GetCountOption().(type) {
	case *api.ReadReq_Options_Count:
		q.count = o.GetCount()
	case *api.ReadReq_Options_Subscription:
		q.subscribe = true
	default:
		return wrongCombination(o)
	}
	if q.subscribe && q.back {
		return wrongCombination(o)
	}
	f, err := newFilter(o.GetFilter(), q.subscribe)
	if err != nil {
		return err
	}
	if f != nil && q.stream != "" {
		return wrongCombination(o)
	}
	q.filter = f
	return nil
}

func (q *query) readSource(o *api.ReadReq_Options) error {
	switch o.GetStreamOption().(type) {
	case *api.ReadReq_Options_Stream:
		name, err := readableName(o.GetStream().GetStreamIdentifier().GetStreamName())
		if err != nil {
			return err
		}
		q.stream = name
		switch r := o.GetStream().GetRevisionOption().(type) {
		case *api.ReadReq_Options_StreamOptions_Revision:
			from, err := readOrigin(r.Revision)
			if err != nil {
				return err
			}
			q.from = from
		case *api.ReadReq_Options_StreamOptions_Start:
			q.from = origin{kind: atStart}
		case *api.ReadReq_Options_StreamOptions_End:
			q.from = origin{kind: atEnd}
		default:
			return invalid("the revision to start from is missing")
		}
	case *api.ReadReq_Options_All:
		switch p := o.GetAll().GetAllOption().(type) {
		case *api.ReadReq_Options_AllOptions_Position:
			commit, prepare := p.Position.GetCommitPosition(), p.Position.GetPreparePosition()
			if prepare > commit {
				return invalid("position C:%d/P:%d: prepare is beyond commit", commit, prepare)
			}
			if commit > math.MaxInt64 && commit != math.MaxUint64 {
				commit = math.MaxInt64 // beyond any log
			}
			q.from, _ = readOrigin(commit)
		case *api.ReadReq_Options_AllOptions_Start:
			q.from = origin{kind: atStart}
		case *api.ReadReq_Options_AllOptions_End:
			q.from = origin{kind: atEnd}
		default:
			return invalid("the position to start from is missing")
		}
	default:
		return missingPart("Streams.ReadReq+Types+Options+StreamOptionOneofCase")
	}
	return nil
}

// readOrigin reads a revision or a position. The greatest number is how clients
// write the end.
func readOrigin(n uint64) (origin, error) {
	switch {
	case n == math.MaxUint64:
		return origin{kind: atEnd}, nil
	case n > math.MaxInt64:
		return origin{}, thrown()
	}
	return origin{place: int64(n)}, nil
}

// outlet sends events to one caller, in the form it asked for.
type outlet struct {
	call api.Streams_ReadServer
	query
	reader *reader
	right  *standing // of a running subscription; nil for a page
}

// send sends a page, with the targets of its links when they are wanted.
func (o *outlet) send(ctx context.Context, page []*event) error {
	var targets []*event
	if o.resolve {
		var err error
		if targets, err = o.reader.follow(ctx, page); err != nil {
			return unavailable("following links", err)
		}
	}
	for i, e := range page {
		var linked *event
		if targets != nil {
			linked = targets[i]
		}
		if o.right != nil {
			if err := o.right.check(ctx); err != nil {
				return err
			}
		}
		if err := o.call.SendMsg(encode(e, linked, o.resolve, o.stringIDs)); err != nil {
			return err
		}
	}
	return nil
}

// streamSpan is what a page read of a stream covers, before its end is known.
func (q query) streamSpan() span {
	switch {
	case q.back && q.from.kind == atStart:
		return span{from: 0, to: 0, back: true}
	case q.back && q.from.kind == atEnd:
		return span{from: 0, to: math.MaxInt64, back: true}
	case q.back:
		return span{from: 0, to: q.from.place, back: true}
	case q.from.kind == atEnd:
		return span{from: 1, to: 0}
	}
	return span{from: q.from.place, to: math.MaxInt64}
}

func (n *Node) readStream(ctx context.Context, o *outlet) error {
	left, todo, first := o.count, o.streamSpan(), true
	var seen glance
	for first || (!todo.empty() && left > 0) {
		page, rest, g, err := n.reader.stream(ctx, o.stream, todo, pageSize(left))
		switch {
		case err != nil:
			return unavailable("reading a stream", err)
		case g.tomb:
			return streamDeleted(o.stream)
		case first && g.absent():
			return o.call.Send(&api.ReadResp{Content: &api.ReadResp_StreamNotFound_{
				StreamNotFound: &api.ReadResp_StreamNotFound{StreamIdentifier: writeStream(o.stream)}}})
		case first:
			seen = g
			for _, next := range o.firstPositions(g, page) {
				if err := o.call.Send(&api.ReadResp{Content: &api.ReadResp_FirstStreamPosition{FirstStreamPosition: next}}); err != nil {
					return err
				}
			}
			// What is appended from now on is not part of this read.
			rest.to = min(rest.to, g.head)
		}
		if uint64(len(page)) > left {
			page = page[:left]
		}
		if err := o.send(ctx, page); err != nil {
			return err
		}
		left -= uint64(len(page))
		todo, first = rest, false
	}
	if o.modern {
		return o.call.Send(&api.ReadResp{Content: &api.ReadResp_LastStreamPosition{LastStreamPosition: uint64(seen.head)}})
	}
	return nil
}

// firstWindow is how many numbers EventStoreDB looks at first when it reads a stream.
const firstWindow = 32

// firstPositions are where a stream's shown part begins. As in EventStoreDB a reader
// is told when nothing is shown of the numbers that are looked at, and looked at
// next.
func (q query) firstPositions(g glance, page []*event) (told []uint64) {
	if !q.modern || q.back || q.from.kind == atEnd {
		return nil
	}
	from, window := q.from.place, int64(min(q.count, firstWindow))
	if from < g.lowest-window+1 { // all of them lie below "$tb" or "$maxCount"
		told, from = append(told, uint64(g.lowest)), g.lowest
	}
	first := g.head + 1
	if len(page) > 0 {
		first = page[0].rev
	}
	if first != from && (len(page) == 0 || first-window >= from) {
		told = append(told, uint64(first))
	}
	return told
}

// pageSize is the next page's limit when left events are still wanted: at least
// one, so that a read of nothing still learns whether there is a stream.
func pageSize(left uint64) int { return int(max(1, min(left, pageEvents))) }

// logSpan is what a page read of the log covers. Backwards, the position itself
// is left out.
func (q query) logSpan(head int64) span {
	s := span{from: 1, to: head, back: q.back}
	switch {
	case q.back && q.from.kind == atStart, !q.back && q.from.kind == atEnd:
		s.to = 0
	case q.back && q.from.kind == atPlace:
		s.to = min(head, q.from.place-1)
	case !q.back && q.from.kind == atPlace:
		s.from = max(1, q.from.place)
	}
	return s
}

func (n *Node) readLog(ctx context.Context, o *outlet) error {
	left, todo := o.count, o.logSpan(n.ring.last())
	for !todo.empty() && left > 0 {
		limit := pageEvents // what a filter leaves of a page is not known before
		if o.filter == nil {
			limit = pageSize(left)
		}
		page, rest, err := n.reader.filtered(ctx, todo, o.filter, limit)
		if err != nil {
			return unavailable("reading the log", err)
		}
		if page, err = choose(o.filter, page, left); err != nil {
			return err
		}
		if err := o.send(ctx, page); err != nil {
			return err
		}
		left -= uint64(len(page))
		todo = rest
	}
	return nil
}

// choose keeps the events that the filter wants, at most limit.
func choose(f *filter, page []*event, limit uint64) ([]*event, error) {
	kept := page[:0]
	for _, e := range page {
		if uint64(len(kept)) == limit {
			break
		}
		wanted, err := f.matches(e)
		if err != nil {
			return nil, err
		}
		if wanted {
			kept = append(kept, e)
		}
	}
	return kept, nil
}
