package engine

import (
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/projections"
)

// chunk is what one transaction stores: some facts, and what it parks on the way.
type chunk struct {
	track    *track
	facts    []Fact // covered so far
	parkings []Parking
	touched  touched
}

// waits tells whether the stream is parked, also by an earlier fact of the chunk.
func (c *chunk) waits(stream string) bool {
	return c.track.parked[stream] || slices.ContainsFunc(c.parkings, func(p Parking) bool { return p.Stream == stream })
}

func (c *chunk) cover(fact *Fact, parking *Parking, all []Fact) {
	if parking != nil {
		c.parkings = append(c.parkings, *parking)
	} else if !c.waits(fact.Stream) {
		c.touched.add(fact.Stream)
	}
	c.facts = all[:len(c.facts)+1]
}

// ends tells whether the chunk covers all of the facts.
func (c *chunk) ends(facts []Fact) bool { return len(c.facts) == len(facts) }

func (c *chunk) last() *Fact { return &c.facts[len(c.facts)-1] }

func (c *chunk) to() uint64 { return c.last().Position }

// edition is the one after this chunk.
func (c *chunk) edition() int64 {
	if len(c.parkings) > 0 {
		return c.track.edition + 1
	}
	return c.track.edition
}

const advanceSQL = `select advance($1, $2, $3, $4, $5, $6, $7, $8)`

func (e *Engine) advanceArgs(c *chunk) []any {
	return []any{c.track.Name, int64(c.track.position), c.track.edition, int64(c.to()), c.edition(), e.options.Clock(), len(c.facts), string(c.last().ID)}
}

// build queues a whole transaction: begin, the checkpoint, the writes of as many
// facts as fit, commit. The explicit begin and commit matter: should the library
// fail to encode an argument, it has sent half of the batch, which must not count.
func (e *Engine) build(t *track, facts []Fact) (*pgx.Batch, *chunk) {
	out, c := &projections.Writes{}, &chunk{track: t}
	for i := range facts {
		fact, start := &facts[i], out.Len()
		parking := e.queueFact(c, out, fact)
		if out.Len() > MaxWritesPerTx && i > 0 {
			out.Cut(start)
			break
		}
		c.cover(fact, parking, facts)
	}
	batch := &pgx.Batch{}
	batch.Queue("begin")
	batch.Queue(advanceSQL, e.advanceArgs(c)...)
	batch.Queue(projections.BulkSettings)
	if !c.ends(facts) {
		batch.Queue(projections.MoreFollows)
	}
	out.Flush(func(sql string, args ...any) { batch.Queue(sql, args...) })
	batch.Queue("commit")
	return batch, c
}

// queueFact queues a fact's writes, or that it waits in its parked stream. When
// it is this fact that parks the stream, the parking is returned.
func (e *Engine) queueFact(c *chunk, out *projections.Writes, fact *Fact) *Parking {
	if c.waits(fact.Stream) {
		queueWaiting(out, c.track.Name, fact)
		return nil
	}
	fault := derive(c.track.Projection, out, fact)
	if fault == nil {
		return nil
	}
	parking := e.parking(c.track.Name, fact, fault)
	queueParking(out, parking)
	queueWaiting(out, c.track.Name, fact)
	return &parking
}
