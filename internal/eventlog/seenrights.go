package eventlog

import (
	"context"
	"encoding/json"
	"strings"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// SeenRights are the rights that a name finds in the log, which it may read though
// it may not read the streams that hold them.
type SeenRights struct {
	// Default are those of every stream that has none of its own; not Set when the
	// built-in ones count, by which everybody with a password may do everything.
	Default Rights
	Set     bool
	// Own are streams of the ledger among whose newest metadata there are rights of
	// their own, at most some hundred.
	Own []string
}

// maxSeenMetadata is how many metadata events are looked at.
const maxSeenMetadata = 500

// Rights looks for the rights in the log.
func (a *Admin) Rights(ctx context.Context) (seen SeenRights, err error) {
	settings := []byte(nil)
	err = a.newest(ctx, `^\$settings$`, 1, func(_ string, data []byte) { settings = data })
	if err != nil {
		return seen, err
	}
	document, _ := object(settings) // what the server cannot read does not count
	if there, set := document[userACL]; set {
		seen.Set = json.Unmarshal(there, &seen.Default) == nil
	}
	return seen, a.newest(ctx, `^\$\$[^$]`, maxSeenMetadata, func(stream string, data []byte) {
		metadata, _ := object(data)
		if _, own := metadata[allACL]; own {
			seen.Own = append(seen.Own, strings.TrimPrefix(stream, "$$"))
		}
	})
}

// newest gives the newest events of streams whose name is like a pattern, newest first.
func (a *Admin) newest(ctx context.Context, pattern string, count uint64, use func(stream string, data []byte)) error {
	ctx, cancel := context.WithTimeout(ctx, DefaultCallTimeout)
	defer cancel()
	err := a.backwards(ctx, &api.ReadReq_Options{
		StreamOption: endOfLog(),
		FilterOption: &api.ReadReq_Options_Filter{Filter: &api.ReadReq_Options_FilterOptions{
			Filter: &api.ReadReq_Options_FilterOptions_StreamIdentifier{StreamIdentifier: &api.ReadReq_Options_FilterOptions_Expression{Regex: pattern}},
			Window: &api.ReadReq_Options_FilterOptions_Max{Max: readPage}, CheckpointIntervalMultiplier: 1}},
	}, count, func(e *api.ReadResp_ReadEvent_RecordedEvent) {
		use(string(e.GetStreamIdentifier().GetStreamName()), e.GetData())
	})
	return a.refusal("look for rights in the log", err)
}
