package unit

// Kind sorts units by their place in the city.
type Kind string

const (
	// City is the whole city. Istilah: pemerintah kota.
	City Kind = "kota"
	// Agency is a city agency. Istilah: perangkat daerah.
	Agency Kind = "perangkat-daerah"
	// Section is a part of an agency. Istilah: bagian, bidang, seksi.
	Section Kind = "bagian"
	// ServiceUnit gives services for an agency: a clinic, a school. Istilah: UPTD.
	ServiceUnit Kind = "uptd"
	// District is a district office. Istilah: kecamatan.
	District Kind = "kecamatan"
	// Village is a village; it has no civil servants of its own here. Istilah: gampong.
	Village Kind = "gampong"
)

// Kinds lists every kind.
var Kinds = []Kind{City, Agency, Section, ServiceUnit, District, Village}
