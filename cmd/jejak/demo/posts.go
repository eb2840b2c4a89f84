package demo

import (
	"math/rand/v2"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// heads of units that are not in the core: title and level; the rest is led by
// "Kepala" and the unit's kind.
var headTitles = map[domain.UnitID]post{
	"puskesmas-sukajaya":               {"Kepala Puskesmas Sukajaya", person.Supervisor},
	"bagian-prokopim":                  {"Kepala Bagian Prokopim", person.Administrator},
	"sekretariat-dprk":                 {"Sekretaris DPRK", person.SeniorLeader},
	"bpbd":                             {"Kepala Pelaksana BPBD", person.SeniorLeader},
	"kecamatan-sukakarya":              {"Camat Sukakarya", person.Administrator},
	"kecamatan-sukajaya":               {"Camat Sukajaya", person.Administrator},
	"kecamatan-sukamakmue":             {"Camat Sukamakmue", person.Administrator},
	"sekretariat-lembaga-keistimewaan": {"Kepala Sekretariat", person.Administrator},
}

func headOf(unit domain.UnitID) post {
	if h, ok := headTitles[unit]; ok {
		return h
	}
	return post{"Kepala Perangkat Daerah", person.SeniorLeader}
}

// superiorOfHead is the head of health for its clinics, else the city's secretary.
func superiorOfHead(unit domain.UnitID) int {
	if unit == "puskesmas-sukajaya" {
		return 8
	}
	return 0
}

// post is a title and its level.
type post struct {
	title string
	level person.Level
}

var (
	teachers = []post{{"Guru Ahli Pertama", person.Functional}, {"Guru Ahli Muda", person.Functional},
		{"Guru Kelas Ahli Pertama", person.Functional}, {"Pengadministrasi Sekolah", person.Executive}}
	nurses = []post{{"Perawat Terampil", person.Functional}, {"Bidan Ahli Pertama", person.Functional},
		{"Sanitarian Terampil", person.Functional}, {"Pengadministrasi Puskesmas", person.Executive}}
	clerks = []post{{"Pengadministrasi Perkantoran", person.Executive}, {"Pengolah Data dan Informasi", person.Executive},
		{"Penelaah Teknis Kebijakan", person.Executive}, {"Analis Ahli Pertama", person.Functional}}
)

func staffOf(unit domain.UnitID, index int) post {
	switch unit {
	case "dinas-pendidikan-kebudayaan":
		return teachers[index%len(teachers)]
	case "dinas-kesehatan-kb", "puskesmas-jaboi", "puskesmas-sukajaya":
		return nurses[index%len(nurses)]
	default:
		return clerks[index%len(clerks)]
	}
}

// employmentOf follows the mix of a small city: leaders are PNS, a third of the
// staff serve on agreements.
func employmentOf(rng *rand.Rand, level person.Level) person.Employment {
	switch n := rng.IntN(100); {
	case level != person.Executive && level != person.Functional, n < 62:
		return person.PNS
	case n < 82:
		return person.PPPK
	default:
		return person.PartTimePPPK
	}
}
