package node

import (
	"encoding/binary"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// eventColumnList is read by decodeEvent, in this order.
const eventColumnList = `e.pos, e.sid, e.rev, e.created, e.id, e.json, e.type, e.data, e.meta`

const eventColumnCount = 9

var errRow = errors.New("a row of the event log does not have the expected shape")

// eventDecoder reads rows in PostgreSQL's binary format. Catching up reads
// hundreds of thousands of rows a second; generic scanning takes most of that time.
// Types repeat, so one copy of each is kept.
type eventDecoder struct {
	types map[string]string
}

// decode copies the row: the raw values are only lent.
func (d *eventDecoder) decode(raw [][]byte) (*event, error) {
	if len(raw) != eventColumnCount || len(raw[0]) != 8 || len(raw[1]) != 8 || len(raw[2]) != 8 ||
		len(raw[3]) != 8 || len(raw[4]) != 16 || len(raw[5]) != 1 {
		return nil, errRow
	}
	if d.types == nil {
		d.types = map[string]string{}
	}
	typ, ok := d.types[string(raw[6])]
	if !ok {
		typ = string(raw[6])
		d.types[typ] = typ
	}
	bodies := make([]byte, len(raw[7])+len(raw[8]))
	n := copy(bodies, raw[7])
	copy(bodies[n:], raw[8])
	return &event{
		pos: number(raw[0]), sid: number(raw[1]), rev: number(raw[2]), created: number(raw[3]),
		id: uuid.UUID(raw[4]), json: raw[5][0] != 0, typ: typ,
		data: bodies[:n:n], meta: bodies[n:],
	}, nil
}

func number(raw []byte) int64 { return int64(binary.BigEndian.Uint64(raw)) }

const (
	// pageEvents is the largest page read from the table: enough to make the round
	// trip cheap, and a few hundred kilobytes of usual events.
	pageEvents = 1024

	// pageBytes ends a page early when events are large.
	pageBytes = 4 << 20
)

// collect reads a page of events. It stops at pageBytes; full tells whether the
// page was cut, by that or by the limit the query had.
func (d *eventDecoder) collect(rows pgx.Rows, skip, limit int) (page []*event, full bool, err error) {
	defer rows.Close()
	size := 0
	for rows.Next() {
		e, err := d.decode(rows.RawValues()[skip:])
		if err != nil {
			return nil, false, err
		}
		page = append(page, e)
		if size += e.weight(); size >= pageBytes {
			full = true
			break
		}
	}
	rows.Close()
	return page, full || len(page) == limit, rows.Err()
}
