package importing

import (
	"context"
	"fmt"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/intake"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// Options of an import from BKN's e-Kinerja.
type Options struct {
	// DryRun checks everything and stores nothing.
	DryRun bool
	// Preview gives so many rows as they were understood; with it nothing is stored.
	Preview int
	// RejectedFile is where the rejected rows go, as XLSX with their reasons; empty
	// for nowhere. It is written when rows were rejected, also in a dry run.
	RejectedFile string
	// PlansFile is a Laporan SKP from which the NIP of a plan is taken by the plan's
	// id, for a Laporan Penilaian that has none.
	PlansFile string
	// Employment of people whom the ledger does not know, where the report has no
	// column for it; empty rejects their rows.
	Employment person.Employment
	// Units lists the units of the ledger; required.
	Units func(context.Context) ([]unit.State, error)
}

// Receipt is what an import found and did.
type Receipt struct {
	// File is the SHA-256 of the file, which names its import.
	File   string        `json:"file"`
	Report intake.Report `json:"report"`
	// Agency is the report's own line about whose it is.
	Agency    string      `json:"agency,omitzero"`
	Span      domain.Span `json:"span"`
	UpdatedOn domain.Date `json:"updated_on,omitzero"`

	Rows     int `json:"rows"`
	Accepted int `json:"accepted"`
	Rejected int `json:"rejected"`
	// Reasons counts the rejected cells by reason.
	Reasons map[string]int `json:"reasons,omitzero"`

	// People speaks of accepted rows: how many, how many of them in a main post (the
	// head count), how many with several main posts (a transfer), and how many the
	// ledger did not know.
	People    int `json:"people"`
	HeadCount int `json:"head_count"`
	Transfers int `json:"transfers"`
	Newcomers int `json:"newcomers"`
	// ActingRows are plans in an acting post; Unrated rows have no predicate yet;
	// ByAgency rows stand under their agency, since no unit has the name of theirs.
	ActingRows int `json:"acting_rows"`
	Unrated    int `json:"unrated"`
	ByAgency   int `json:"by_agency"`

	// Stored counts the facts written now; none in a dry run, and none when the
	// file is in the ledger already.
	Stored  int       `json:"stored"`
	DryRun  bool      `json:"dry_run,omitzero"`
	Preview []Preview `json:"preview,omitzero"`
}

// EKinerja brings in a report of BKN's e-Kinerja, XLSX or CSV. A file that cannot
// be read as a report is refused as a whole; a row that cannot be understood is
// rejected with its reasons, and the others are stored. The import may be broken
// off and run again: it goes on where it was, and the same file again stores
// nothing, unless a row rejected before can be taken now.
func EKinerja(ctx context.Context, office *commands.Office, file string, o Options, report Progress) (Receipt, error) {
	t, err := readTable(file)
	if err != nil {
		return Receipt{}, err
	}
	units, err := o.Units(ctx)
	if err != nil {
		return Receipt{}, fmt.Errorf("list the units: %w", err)
	}
	c := &checker{table: t, units: newUnitBook(units), employment: o.Employment, seen: map[string]*record{}}
	if o.PlansFile != "" {
		if c.nips, err = nipsByPlan(o.PlansFile); err != nil {
			return Receipt{}, err
		}
	}
	boot := *office
	boot.Bootstrap = true
	b := &batch{office: &boot, table: t, records: c.checkAll(report), report: report, closed: c.units.closed}
	if err := b.meetPeople(ctx, o.Employment); err != nil {
		return Receipt{}, err
	}
	r := b.receipt(o)
	if o.RejectedFile != "" && r.Rejected > 0 {
		if err := b.writeRejected(o.RejectedFile); err != nil {
			return r, err
		}
	}
	if o.DryRun || o.Preview > 0 || len(b.records) == 0 {
		r.DryRun = true
		return r, nil
	}
	r.Stored, err = b.store(ctx)
	return r, err
}
