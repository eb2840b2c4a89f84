package importing

import (
	"context"
	_ "embed" // the open data comes with the program
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

//go:embed data/sabang_area_codes.csv
var areaCodes string

//go:embed data/sabang_public_facts.csv
var publicFacts string

// Progress hears how many of total things are done.
type Progress func(done, total int, what string)

// Summary counts what an import did. Stored is facts written now; a second
// import of the same data stores none.
type Summary struct {
	Units      int `json:"units"`
	Indicators int `json:"indicators"`
	Points     int `json:"points"`
	Warnings   int `json:"warnings"`
	Stored     int `json:"stored"`
}

// knownFrom is the first day of units in the ledger: when a unit was really
// established is in no readable source, so we claim no more than this.
const knownFrom domain.Date = "2015-01-01"

// Sabang brings in the city's units and its public figures. It may be run again:
// what is there already is found and changes nothing.
func Sabang(ctx context.Context, office *commands.Office, report Progress) (Summary, error) {
	units, err := sabangUnits()
	if err != nil {
		return Summary{}, err
	}
	figures, err := readFigures(publicFacts)
	if err != nil {
		return Summary{}, err
	}
	s := Summary{Units: len(units)}
	total := len(units) + len(figures)
	boot := *office
	boot.Bootstrap = true
	for n, u := range units {
		out, err := boot.EstablishUnit(ctx, ask("unit", string(u.Unit)), u)
		if err != nil {
			return s, fmt.Errorf("unit %s: %w", u.Unit, err)
		}
		s.count(out)
		report(n+1, total, "data Sabang")
	}
	for n, f := range figures {
		if err := f.store(ctx, &boot, &s); err != nil {
			return s, fmt.Errorf("figure %s %s: %w", f.measure, f.period, err)
		}
		report(len(units)+n+1, total, "data Sabang")
	}
	return s, s.contradictions(ctx, &boot, figures)
}

func (s *Summary) count(out commands.Outcome) {
	if !out.Replayed {
		s.Stored += out.Events
	}
}

// ask makes the envelope of one fact of the open data; its key is its content's
// name, so that the same fact is found again.
func ask(parts ...string) commands.Ask {
	return commands.Ask{Key: domain.CommandID("sabang:" + strings.ReplaceAll(strings.Join(parts, ":"), " ", "_")),
		Source: domain.FromImport, Capacity: domain.System}
}

// sabangUnits lists the units, parents first.
func sabangUnits() ([]unit.Establish, error) {
	rows, err := csv.NewReader(strings.NewReader(areaCodes)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the area codes: %w", err)
	}
	const origin = "idn-area-data (ODbL 1.0)"
	units := []unit.Establish{{Unit: City, Code: "11.72", Name: "Kota Sabang", Kind: unit.City, From: knownFrom, Origin: origin}}
	for _, a := range Agencies {
		units = append(units, unit.Establish{Unit: a.ID, Name: a.Name, Kind: a.Kind, Parent: a.Parent, From: knownFrom, Origin: string(a.Origin)})
	}
	for _, row := range rows[1:] {
		u := unit.Establish{Code: row[1], From: knownFrom, Origin: origin}
		switch row[0] {
		case "kecamatan":
			u.Unit, u.Name, u.Kind, u.Parent = districts[row[1]], "Kecamatan "+row[3], unit.District, City
		case "gampong":
			u.Unit, u.Name, u.Kind, u.Parent = domain.UnitID("gampong-"+row[1]), "Gampong "+row[3], unit.Village, districts[row[2]]
		default:
			continue // the city itself stands above
		}
		units = append(units, u)
	}
	return units, nil
}
