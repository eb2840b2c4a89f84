package demo

import (
	"math/rand/v2"
	"strconv"

	"github.com/google/uuid"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// member is one invented civil servant in the tree of superiors.
type member struct {
	index      int
	id         domain.PersonID
	name       string
	nip        string
	employment person.Employment
	title      string
	level      person.Level
	unit       domain.UnitID
	superior   int // index, or none
	roles      []person.Role
	// heads says that the member heads the unit; plt names a unit led for the time being.
	heads bool
	plt   domain.UnitID
}

const none = -1

// leader says whether the member's plan is a leader's.
func (m member) leader() bool { return m.level == person.SeniorLeader }

// span is how many people report to one superior, at the least.
const span = 8

// shares are how many of a thousand people work in a unit. The core of the
// organisation (one line of each kind) stands before them.
var shares = []struct {
	unit  domain.UnitID
	share int
}{
	{"dinas-pendidikan-kebudayaan", 330}, {"dinas-kesehatan-kb", 95}, {"puskesmas-jaboi", 60}, {"puskesmas-sukajaya", 65},
	{"sekretariat-daerah", 45}, {"bagian-prokopim", 15}, {"bagian-umum-humas", 22}, {"inspektorat-daerah", 25}, {"bkpsdm", 25},
	{"bappeda", 25}, {"bpkd", 34}, {"sekretariat-dprk", 24}, {"dinas-pariwisata", 34}, {"disperindagkop-ukm", 28},
	{"dinas-perhubungan", 28}, {"disdukcapil", 22}, {"dinas-sosial-pmg-pppa", 28}, {"dpmptsp-naker", 24}, {"dinas-pupr", 36},
	{"bpbd", 24}, {"sekretariat-lembaga-keistimewaan", 14}, {"kecamatan-sukakarya", 17}, {"kecamatan-sukajaya", 16}, {"kecamatan-sukamakmue", 15},
}

// MinPeople is the smallest demonstration: one line of each kind of user.
const MinPeople = 20

// space is the name space of invented ids.
var space = uuid.MustParse("6a656a61-6b00-5000-8000-64656d6f0000")

// idOf derives an id from the seed, so that a second run finds the first one's.
func idOf(seed uint64, kind string, parts ...int) string {
	name := kind + "/" + strconv.FormatUint(seed, 10)
	for _, p := range parts {
		name += "/" + strconv.Itoa(p)
	}
	return uuid.NewSHA1(space, []byte(name)).String()
}

// rngOf gives the dice of one person: what one does never depends on another.
func rngOf(seed uint64, index int) *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(index)+1)) }

// organisation makes n members, superiors before their people.
func organisation(seed uint64, n int) []member {
	members := core()
	for i := len(members); len(members) < n; i++ {
		members = append(members, member{})
	}
	fill(members, len(core()))
	for i := range members {
		m, rng := &members[i], rngOf(seed, i)
		m.index, m.id = i, domain.PersonID(idOf(seed, "person", i))
		m.name, m.nip = nameOf(rng), nipOf(rng, i)
		if m.employment == "" {
			m.employment = employmentOf(rng, m.level)
		}
	}
	return members
}

// core is one line of each kind of user; the login page offers them.
func core() []member {
	lead := func(unit domain.UnitID, title string, level person.Level, superior int) member {
		return member{unit: unit, title: title, level: level, superior: superior, heads: true, employment: person.PNS}
	}
	staff := func(unit domain.UnitID, title string, level person.Level, superior int, e person.Employment, roles ...person.Role) member {
		return member{unit: unit, title: title, level: level, superior: superior, employment: e, roles: roles}
	}
	members := []member{
		0:  lead("sekretariat-daerah", "Sekretaris Daerah", person.SeniorLeader, none),
		1:  lead("dinas-perhubungan", "Kepala Dinas Perhubungan", person.SeniorLeader, 0),
		2:  staff("dinas-pariwisata", "Kepala Bidang Pemasaran Pariwisata", person.Administrator, 1, person.PNS),
		3:  staff("dinas-pariwisata", "Kepala Seksi Promosi dan Layanan Informasi", person.Supervisor, 2, person.PNS),
		4:  staff("dinas-pariwisata", "Pengelola Layanan Informasi Wisata", person.Executive, 3, person.PNS),
		5:  staff("dinas-pariwisata", "Adyatama Kepariwisataan Ahli Pertama", person.Functional, 3, person.PPPK),
		6:  staff("dinas-pariwisata", "Petugas Pusat Informasi", person.Executive, 3, person.PartTimePPPK),
		7:  staff("dinas-pariwisata", "Pranata Humas Terampil", person.Functional, 3, person.PNS),
		8:  lead("dinas-kesehatan-kb", "Kepala Dinas Kesehatan dan Keluarga Berencana", person.SeniorLeader, 0),
		9:  lead("puskesmas-jaboi", "Kepala Puskesmas Jaboi", person.Supervisor, 8),
		10: staff("puskesmas-jaboi", "Perawat Ahli Pertama", person.Functional, 9, person.PNS),
		11: lead("bkpsdm", "Kepala BKPSDM", person.SeniorLeader, 0),
		12: staff("bkpsdm", "Analis SDM Aparatur Ahli Muda", person.Functional, 11, person.PNS, person.PersonnelAgency),
		13: lead("inspektorat-daerah", "Inspektur Daerah", person.SeniorLeader, 0),
		14: staff("inspektorat-daerah", "Auditor Ahli Muda", person.Functional, 13, person.PNS, person.Inspectorate),
		15: lead("bappeda", "Kepala Bappeda", person.SeniorLeader, 0),
		16: staff("bappeda", "Perencana Ahli Muda", person.Functional, 15, person.PNS, person.PerformanceOffice),
		17: lead("bagian-umum-humas", "Kepala Bagian Umum dan Humas", person.Administrator, 0),
		18: staff("bagian-umum-humas", "Pranata Komputer Ahli Pertama", person.Functional, 17, person.PNS, person.SystemAdministrator),
		19: staff("bagian-umum-humas", "Pengadministrasi Umum", person.Executive, 17, person.PPPK),
	}
	members[0].roles = []person.Role{person.CityLeadership}
	members[1].plt = "dinas-pariwisata"
	return members
}

// fill gives the members from first on a unit by share and a superior within it.
func fill(members []member, first int) {
	lines := map[domain.UnitID]*line{}
	for i := range members[:first] {
		m := members[i]
		lineOf(lines, m.unit).join(i, m)
	}
	lineOf(lines, "dinas-pariwisata").head = 1
	total, owed := 0, make([]int, len(shares))
	for _, s := range shares {
		total += s.share
	}
	for i := first; i < len(members); i++ {
		most := 0
		for k, s := range shares {
			owed[k] += s.share
			if owed[k] > owed[most] {
				most = k
			}
		}
		owed[most] -= total
		unit := shares[most].unit
		members[i] = lineOf(lines, unit).place(i, unit)
	}
}

func lineOf(lines map[domain.UnitID]*line, unit domain.UnitID) *line {
	if lines[unit] == nil {
		lines[unit] = &line{head: none}
	}
	return lines[unit]
}

// line is the tree inside a unit while it fills: a head, leaders below, and their people.
type line struct {
	head      int
	divisions []int
	leaders   []int
	below     []int // people of each leader
	count     int
}

func (l *line) join(i int, m member) {
	l.count++
	switch {
	case m.heads:
		l.head = i
	case m.level == person.Supervisor:
		l.leaders, l.below = append(l.leaders, i), append(l.below, 0)
	case len(l.leaders) > 0:
		l.below[len(l.below)-1]++
	}
}

// above is who leads the next section: the newest division, else the head.
func (l *line) above() int {
	if n := len(l.divisions); n > 0 {
		return l.divisions[n-1]
	}
	return l.head
}

// place puts the next person: first a head, then leaders as the span asks (and
// divisions above many leaders), then staff.
func (l *line) place(i int, unit domain.UnitID) member {
	l.count++
	if l.head == none {
		l.head = i
		h := headOf(unit)
		return member{unit: unit, title: h.title, level: h.level, superior: superiorOfHead(unit), heads: true, employment: person.PNS}
	}
	if full := len(l.leaders) == 0 || l.below[len(l.below)-1] >= span; full && l.count > 3 {
		if len(l.leaders) >= span*(len(l.divisions)+1) {
			l.divisions = append(l.divisions, i)
			return member{unit: unit, title: "Kepala Bidang " + strconv.Itoa(len(l.divisions)), level: person.Administrator, superior: l.head, employment: person.PNS}
		}
		l.leaders, l.below = append(l.leaders, i), append(l.below, 0)
		return member{unit: unit, title: "Kepala Seksi " + strconv.Itoa(len(l.leaders)), level: person.Supervisor, superior: l.above(), employment: person.PNS}
	}
	superior := l.head
	if k := len(l.leaders) - 1; k >= 0 {
		superior = l.leaders[k]
		l.below[k]++
	}
	p := staffOf(unit, i)
	return member{unit: unit, title: p.title, level: p.level, superior: superior}
}
