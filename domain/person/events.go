package person

import "github.com/jejak-kinerja/jejak/domain"

// Event is a fact about a civil servant. None holds a name, a NIP or a contact:
// those lie in the vault under the person's key.
//
//sumtype:decl
type Event interface{ personEvent() }

// Registered says that a civil servant is known to the ledger. Istilah: pendaftaran pegawai.
type Registered struct {
	Person     domain.PersonID `json:"person"`
	Employment Employment      `json:"employment"`
	// Invented is true for people of the demonstration.
	Invented bool `json:"invented,omitzero"`
}

// PostAssigned puts the person in a post from a day on; a main post (Acting
// empty) replaces the main post held so far. Istilah: penempatan jabatan, mutasi.
type PostAssigned struct {
	// Post names the holding inside the stream, so that it can be ended: "p1", "p2", ….
	Post  string        `json:"post"`
	Title string        `json:"title"`
	Level Level         `json:"level"`
	Unit  domain.UnitID `json:"unit"`
	// Acting is plt or plh for an acting post, empty for the main post.
	Acting domain.Capacity `json:"acting,omitzero"`
	From   domain.Date     `json:"from"`
}

// PostEnded ends a holding after its last day. Istilah: pemberhentian dari jabatan.
type PostEnded struct {
	Post    string      `json:"post"`
	LastDay domain.Date `json:"last_day"`
}

// ReportingLineSet names the direct superior from a day on. Istilah: atasan langsung.
type ReportingLineSet struct {
	Superior domain.PersonID `json:"superior"`
	From     domain.Date     `json:"from"`
}

// ReportingLineCorrected replaces a wrong entry for the same first day. Istilah: pembetulan atasan langsung.
type ReportingLineCorrected struct {
	From     domain.Date     `json:"from"`
	Wrong    domain.PersonID `json:"wrong"`
	Superior domain.PersonID `json:"superior"`
}

// LineQuestioned is the person's own word that the superior on file is wrong. Istilah: atasan saya salah.
type LineQuestioned struct {
	OnFile domain.PersonID `json:"on_file,omitzero"`
	Note   domain.Sealed   `json:"note,omitzero"`
}

// RoleGranted lets the person act for an office of the city. Istilah: pemberian peran.
type RoleGranted struct {
	Role Role        `json:"role"`
	From domain.Date `json:"from"`
}

// RoleRevoked takes a role away after its last day. Istilah: pencabutan peran.
type RoleRevoked struct {
	Role    Role        `json:"role"`
	LastDay domain.Date `json:"last_day"`
}

// Separated says that the person left the service. Istilah: pensiun, berhenti.
type Separated struct {
	LastDay domain.Date `json:"last_day"`
	Cause   Cause       `json:"cause"`
}

// KeyDestroyed says that the vault's key of one record class of the person was
// destroyed; texts and names under it can never be read again. Istilah: pemusnahan kunci.
type KeyDestroyed struct {
	Class string `json:"class"`
	Basis string `json:"basis"`
}

func (Registered) personEvent()             {}
func (PostAssigned) personEvent()           {}
func (PostEnded) personEvent()              {}
func (ReportingLineSet) personEvent()       {}
func (ReportingLineCorrected) personEvent() {}
func (LineQuestioned) personEvent()         {}
func (RoleGranted) personEvent()            {}
func (RoleRevoked) personEvent()            {}
func (Separated) personEvent()              {}
func (KeyDestroyed) personEvent()           {}

// Stored lists every fact of the stream under its stored name.
var Stored = []domain.Entry{
	domain.Stored[Registered]("person.registered.v1"),
	domain.Stored[PostAssigned]("person.post-assigned.v1"),
	domain.Stored[PostEnded]("person.post-ended.v1"),
	domain.Stored[ReportingLineSet]("person.reporting-line-set.v1"),
	domain.Stored[ReportingLineCorrected]("person.reporting-line-corrected.v1"),
	domain.Stored[LineQuestioned]("person.line-questioned.v1"),
	domain.Stored[RoleGranted]("person.role-granted.v1"),
	domain.Stored[RoleRevoked]("person.role-revoked.v1"),
	domain.Stored[Separated]("person.separated.v1"),
	domain.Stored[KeyDestroyed]("person.key-destroyed.v1"),
}
