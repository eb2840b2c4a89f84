package node

// stream is what the sequencer knows of one stream, with the writes of the batch
// it is deciding already counted in.
type stream struct {
	sid     int64 // 0 until the stream is first written
	name    string
	head    int64 // number of the last event, -1 before the first
	tomb    bool
	hasMeta bool
	visibility
	rawMeta []byte // only while soft deleted (the rest of it must survive the return), or just written
	dirty   bool   // the batch in hand changes its row

	wasDeleted bool // softly, until the metadata that the request in hand writes
}

// missing: neither events nor metadata.
func (s *stream) missing() bool { return s.head < 0 && !s.hasMeta }

// softDeleted: deleted in a way that the next append takes back.
func (s *stream) softDeleted() bool { return s.truncateBefore == tombstoneRevision }

// describe takes over a new metadata body.
func (s *stream) describe(body []byte, isJSON bool) {
	s.hasMeta = true
	s.rawMeta = body
	s.visibility = readVisibility(body, isJSON)
}

// settle is called once the batch is stored.
func (s *stream) settle() {
	s.dirty = false
	if !s.softDeleted() {
		s.rawMeta = nil
	}
}

const (
	// maxCachedStreams bounds the sequencer's memory of streams, in two halves:
	// about 200 bytes each, 40 MB in all.
	maxCachedStreams = 200_000
)

// streamCache remembers recently written streams: a young and an old generation,
// so that forgetting the unused half costs nothing per access.
type streamCache struct {
	young, old map[string]*stream
}

func newStreamCache() *streamCache {
	return &streamCache{young: map[string]*stream{}, old: map[string]*stream{}}
}

func (c *streamCache) get(name string) *stream {
	if s := c.young[name]; s != nil {
		return s
	}
	s := c.old[name]
	if s != nil {
		c.young[name] = s
	}
	return s
}

func (c *streamCache) put(s *stream) { c.young[s.name] = s }

// age is called between batches, never while one refers to cached streams.
func (c *streamCache) age() {
	if len(c.young) >= maxCachedStreams/2 {
		c.young, c.old = map[string]*stream{}, c.young
	}
}
