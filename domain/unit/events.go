package unit

import "github.com/jejak-kinerja/jejak/domain"

// Event is a fact about a unit.
//
//sumtype:decl
type Event interface{ unitEvent() }

// Established says that a unit exists from a day on. Istilah: pembentukan.
type Established struct {
	Unit domain.UnitID `json:"unit"`
	// Code is the official code where there is one ("11.72.01").
	Code   string        `json:"code,omitzero"`
	Name   string        `json:"name"`
	Kind   Kind          `json:"kind"`
	Parent domain.UnitID `json:"parent,omitzero"`
	From   domain.Date   `json:"from"`
	// Origin says where the entry was taken from: title of a public source or file.
	Origin string `json:"origin,omitzero"`
}

// Renamed gives the unit another name from a day on. Istilah: perubahan nomenklatur.
type Renamed struct {
	Name string      `json:"name"`
	From domain.Date `json:"from"`
}

// CodeAliased makes an older code mean this unit. Istilah: alias kode OPD.
type CodeAliased struct {
	Alias string `json:"alias"`
}

// HeadAppointed puts a person in charge. Istilah: pelantikan kepala.
type HeadAppointed struct {
	Person domain.PersonID `json:"person"`
	From   domain.Date     `json:"from"`
}

// HeadReleased leaves the head's post vacant after the last day. Istilah: pemberhentian kepala.
type HeadReleased struct {
	Person  domain.PersonID `json:"person"`
	LastDay domain.Date     `json:"last_day"`
}

// ActingHeadAssigned lets a person lead for a span. Istilah: penunjukan Plt/Plh.
type ActingHeadAssigned struct {
	Person   domain.PersonID `json:"person"`
	Capacity domain.Capacity `json:"capacity"` // plt | plh
	Span     domain.Span     `json:"span"`
}

// ActingHeadEnded ends an acting head's mandate before or on its last day. Istilah: berakhirnya Plt/Plh.
type ActingHeadEnded struct {
	Person  domain.PersonID `json:"person"`
	LastDay domain.Date     `json:"last_day"`
}

// Closed ends the unit after its last day. Istilah: penghapusan.
type Closed struct {
	LastDay domain.Date `json:"last_day"`
}

func (Established) unitEvent()        {}
func (Renamed) unitEvent()            {}
func (CodeAliased) unitEvent()        {}
func (HeadAppointed) unitEvent()      {}
func (HeadReleased) unitEvent()       {}
func (ActingHeadAssigned) unitEvent() {}
func (ActingHeadEnded) unitEvent()    {}
func (Closed) unitEvent()             {}

// Stored lists every fact of the stream under its stored name.
var Stored = []domain.Entry{
	domain.Stored[Established]("unit.established.v1"),
	domain.Stored[Renamed]("unit.renamed.v1"),
	domain.Stored[CodeAliased]("unit.code-aliased.v1"),
	domain.Stored[HeadAppointed]("unit.head-appointed.v1"),
	domain.Stored[HeadReleased]("unit.head-released.v1"),
	domain.Stored[ActingHeadAssigned]("unit.acting-head-assigned.v1"),
	domain.Stored[ActingHeadEnded]("unit.acting-head-ended.v1"),
	domain.Stored[Closed]("unit.closed.v1"),
}
