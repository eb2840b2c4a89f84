package directory

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// Person is a civil servant as seen on one day. The name lies in the vault.
type Person struct {
	Person     domain.PersonID
	Employment person.Employment
	Invented   bool
	// Post, Title, Level and Unit are those of the main post; empty without one.
	Post     string
	Title    string
	Level    person.Level
	Unit     domain.UnitID
	UnitName string
	Superior domain.PersonID
	Roles    []person.Role
	// Questioned says that the person called the superior on file wrong.
	Questioned bool
	// LastDay of service; empty while nobody has said when it ends.
	LastDay domain.Date
	// Destroyed names the record classes whose keys are gone.
	Destroyed []string
	// Position of the last fact behind the row.
	Position uint64
	// Revision of the person's stream that the row shows.
	Revision uint64
}

// Unit is an organisation unit as seen on one day.
type Unit struct {
	Unit   domain.UnitID
	Code   string
	Name   string
	Kind   unit.Kind
	Parent domain.UnitID
	From   domain.Date
	// LastDay is set when the unit was closed.
	LastDay domain.Date
	// Head and Capacity say who leads and how; empty when the post is vacant.
	Head     domain.PersonID
	Capacity domain.Capacity
	Aliases  []string
	// Origin is the public source the entry was taken from.
	Origin   string
	Position uint64
	// Revision of the unit's stream that the row shows.
	Revision uint64
}

// Head is who leads a unit on one day: an acting head before the appointed one.
type Head struct {
	Unit     domain.UnitID
	Person   domain.PersonID
	Capacity domain.Capacity
	From     domain.Date
	Until    domain.Date
	Position uint64
}

// Post is one holding of a post, main or acting.
type Post struct {
	Post     string
	Title    string
	Level    person.Level
	Unit     domain.UnitID
	UnitName string
	Acting   domain.Capacity
	From     domain.Date
	Until    domain.Date
	Position uint64
}

// Line is one entry of the reporting line.
type Line struct {
	Superior domain.PersonID
	From     domain.Date
	// Corrected says that the entry once named somebody else.
	Corrected bool
	Position  uint64
}

// Persona is an invented person to log in as in the demonstration.
type Persona struct {
	Person
	// As is the role, or "pegawai", "atasan", "kepala-unit".
	As string
}

// Personas that are no role of the city.
const (
	AsEmployee = "pegawai"
	AsSuperior = "atasan"
	AsHead     = "kepala-unit"
)
