package audittrail

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
)

// columns is how many a fact has.
const columns = 30

// toEntry reads a row of one column: a fact as record_send gives it.
func toEntry(row pgx.CollectableRow) (Entry, error) {
	var raw []byte
	if err := row.Scan(&raw); err != nil {
		return Entry{}, err
	}
	d := newDecoder(raw)
	e := d.entry()
	if d.err == nil && d.more() {
		d.err = errors.New("bytes after the last column")
	}
	return e, d.err
}

// decoder reads facts as PostgreSQL sends a composite value in binary: the number
// of columns (int32), then for each its type's OID (int32), its length in bytes
// (int32) and its value: int8 and timestamptz big-endian in 8 bytes, the latter in
// microseconds since 2000-01-01 UTC, text and bytea as they are. Facts follow each
// other without a gap. The first fault ends it.
//
// All texts of an answer share one copy of its bytes.
type decoder struct {
	raw  []byte
	text string
	at   int
	err  error
}

func newDecoder(raw []byte) *decoder { return &decoder{raw: raw, text: string(raw)} }

// more tells whether there is another fact.
func (d *decoder) more() bool { return d.err == nil && d.at < len(d.raw) }

// entry reads the next fact, column by column in the order of the table.
func (d *decoder) entry() Entry {
	if n := d.word(); n != columns && d.err == nil {
		d.fail("%d columns, want %d", n, columns)
	}
	return Entry{
		Position: d.number(), Stream: d.string(), Revision: d.number(), Event: domain.EventID(d.string()), Name: d.string(),
		RecordedAt: d.time(), EffectiveAt: d.time(), Day: domain.Date(d.string()), StoredAt: d.time(),
		Actor: domain.PersonID(d.string()), Capacity: domain.Capacity(d.string()), OnBehalfOf: domain.PersonID(d.string()),
		Authority: d.string(), Reason: domain.Sealed(d.string()), Source: domain.Source(d.string()), Policy: d.string(),
		Correlation: d.string(), Causation: d.string(), Command: domain.CommandID(d.string()), Request: d.string(), Salt: d.string(),
		Subject: domain.PersonID(d.string()), Unit: domain.UnitID(d.string()), Indicator: domain.IndicatorID(d.string()),
		Plan: domain.PlanID(d.string()), Result: domain.ResultID(d.string()),
		Value: d.string(), Kind: d.string(), Period: d.string(), Body: d.bytes(),
	}
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("a fact of the audit trail is malformed at byte %d: "+format, append([]any{d.at}, args...)...)
	}
}

// take gives the next n bytes' place.
func (d *decoder) take(n int) (from, to int) {
	if d.err == nil && (n < 0 || n > len(d.raw)-d.at) {
		d.fail("%d bytes are wanted, %d are left", n, len(d.raw)-d.at)
	}
	if d.err != nil {
		return 0, 0
	}
	from, d.at = d.at, d.at+n
	return from, d.at
}

func (d *decoder) word() int32 {
	from, to := d.take(4)
	if from == to {
		return 0
	}
	return int32(binary.BigEndian.Uint32(d.raw[from:to])) //nolint:gosec // PostgreSQL's lengths are signed: -1 is null
}

// value gives the place of the next column's value.
func (d *decoder) value() (from, to int) {
	d.word() // the type's OID, as the table says
	return d.take(int(d.word()))
}

func (d *decoder) string() string {
	from, to := d.value()
	return d.text[from:to]
}

func (d *decoder) bytes() []byte {
	from, to := d.value()
	return d.raw[from:to:to]
}

func (d *decoder) number() uint64 {
	from, to := d.value()
	if to-from != 8 {
		d.fail("a number of %d bytes", to-from)
		return 0
	}
	return binary.BigEndian.Uint64(d.raw[from:to])
}

// epoch of PostgreSQL's timestamps.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

func (d *decoder) time() time.Time {
	return time.UnixMicro(epoch + int64(d.number())).UTC() //nolint:gosec // signed: before 2000 it is negative
}
