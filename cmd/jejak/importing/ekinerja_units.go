package importing

import (
	"strings"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// unitBook finds units by any name or code they ever had, for a report may speak
// of an earlier year.
type unitBook struct {
	byName  map[string][]domain.UnitID
	lastDay map[domain.UnitID]domain.Date
	cities  []string
}

func newUnitBook(units []unit.State) *unitBook {
	b := &unitBook{byName: map[string][]domain.UnitID{}, lastDay: map[domain.UnitID]domain.Date{}}
	for _, u := range units {
		if u.Kind == unit.City {
			for _, n := range u.Names {
				b.cities = append(b.cities, spelled(n.Name))
			}
		}
	}
	for _, u := range units {
		b.lastDay[u.Unit] = u.LastDay
		names := append([]string{u.Code}, u.Aliases...)
		for _, n := range u.Names {
			names = append(names, n.Name)
		}
		for _, name := range distinct(names) {
			if name != "" {
				b.add(b.key(name), u.Unit)
			}
		}
	}
	return b
}

func (b *unitBook) add(key string, id domain.UnitID) {
	for _, known := range b.byName[key] {
		if known == id {
			return
		}
	}
	b.byName[key] = append(b.byName[key], id)
}

// find gives the units of a name: one, none, or several.
func (b *unitBook) find(name string) []domain.UnitID { return b.byName[b.key(name)] }

// closed says whether a unit ended before a day.
func (b *unitBook) closed(id domain.UnitID, day domain.Date) bool {
	last := b.lastDay[id]
	return last != "" && last < day
}

// key writes names alike that are the same: capitals and blanks do not count, and
// "Dinas Pariwisata Kota Sabang" is the city's own "Dinas Pariwisata".
func (b *unitBook) key(name string) string {
	key := spelled(name)
	for _, city := range b.cities {
		if agency, ok := strings.CutSuffix(key, " "+city); ok {
			return agency
		}
	}
	return key
}

func spelled(name string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(strings.ToLower(name), "&", " dan ")), " ")
}
