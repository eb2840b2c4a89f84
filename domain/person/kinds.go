package person

// Employment is the legal kind of service. Istilah: jenis kepegawaian.
type Employment string

const (
	// PNS is a permanent civil servant. Istilah: pegawai negeri sipil.
	PNS Employment = "pns"
	// PPPK serves on a work agreement. Istilah: pegawai pemerintah dengan perjanjian kerja.
	PPPK Employment = "pppk"
	// PartTimePPPK serves part of the time on a work agreement. Istilah: PPPK paruh waktu.
	PartTimePPPK Employment = "pppk-paruh-waktu"
)

// Employments lists every kind of service.
var Employments = []Employment{PNS, PPPK, PartTimePPPK}

// Level is the rank of a post. Istilah: jenjang jabatan.
type Level string

const (
	// SeniorLeader heads an agency. Istilah: jabatan pimpinan tinggi (JPT).
	SeniorLeader Level = "jpt"
	// Administrator leads a division or a district. Istilah: administrator.
	Administrator Level = "administrator"
	// Supervisor leads a section. Istilah: pengawas.
	Supervisor Level = "pengawas"
	// Executive carries out administrative work. Istilah: pelaksana.
	Executive Level = "pelaksana"
	// Functional serves by expertise: teacher, nurse, auditor. Istilah: fungsional.
	Functional Level = "fungsional"
)

// Levels lists every level.
var Levels = []Level{SeniorLeader, Administrator, Supervisor, Executive, Functional}

// Role is an office of the city that a person may act for, besides being a
// civil servant and perhaps somebody's superior. Istilah: peran.
type Role string

const (
	// PersonnelAgency keeps calendar and master data; it never rates. Istilah: BKPSDM.
	PersonnelAgency Role = "bkpsdm"
	// Inspectorate reads everything and writes no performance fact. Istilah: Inspektorat.
	Inspectorate Role = "inspektorat"
	// PerformanceOffice keeps the indicators of the organisation. Istilah: Bagian Organisasi / Bappeda.
	PerformanceOffice Role = "bagian-organisasi"
	// CityLeadership decides for the mayor's office. Istilah: Wali Kota / Sekda.
	CityLeadership Role = "pimpinan-kota"
	// SystemAdministrator runs the machine and holds no business authority. Istilah: administrator sistem.
	SystemAdministrator Role = "admin-sistem"
)

// Roles lists every role.
var Roles = []Role{PersonnelAgency, Inspectorate, PerformanceOffice, CityLeadership, SystemAdministrator}

// Cause is why a person left the service. Istilah: sebab berhenti.
type Cause string

const (
	// Retired at the age limit. Istilah: pensiun.
	Retired Cause = "pensiun"
	// Resigned or dismissed. Istilah: berhenti.
	Resigned Cause = "berhenti"
	// Moved to another government. Istilah: pindah instansi.
	Moved Cause = "pindah"
	// Died in service. Istilah: meninggal dunia.
	Died Cause = "meninggal"
)

// Causes lists every cause.
var Causes = []Cause{Retired, Resigned, Moved, Died}
