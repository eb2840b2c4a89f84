package importing

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// City is the unit above all others.
const City domain.UnitID = "kota-sabang"

// certainty is how sure the public sources are of a unit's name.
type certainty string

const (
	confirmed certainty = "sumber publik, terkonfirmasi"
	likely    certainty = "sumber publik, sangat mungkin"
)

// Agency is a unit known by its name in public sources; it has no area code.
type Agency struct {
	ID     domain.UnitID
	Name   string
	Kind   unit.Kind
	Parent domain.UnitID
	Origin certainty
}

// Agencies are the city's agencies by their real names, parents first. Names that
// no readable source confirms are left out.
var Agencies = []Agency{
	{"sekretariat-daerah", "Sekretariat Daerah", unit.Agency, City, confirmed},
	{"bagian-prokopim", "Bagian Protokol dan Komunikasi Pimpinan", unit.Section, "sekretariat-daerah", confirmed},
	{"bagian-umum-humas", "Bagian Umum dan Humas", unit.Section, "sekretariat-daerah", confirmed},
	{"inspektorat-daerah", "Inspektorat Daerah", unit.Agency, City, likely},
	{"bkpsdm", "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", unit.Agency, City, likely},
	{"bappeda", "Badan Perencanaan Pembangunan Daerah", unit.Agency, City, likely},
	{"bpkd", "Badan Pengelolaan Keuangan Daerah", unit.Agency, City, likely},
	{"sekretariat-dprk", "Sekretariat DPRK", unit.Agency, City, likely},
	{"dinas-pariwisata", "Dinas Pariwisata", unit.Agency, City, confirmed},
	{"dinas-pendidikan-kebudayaan", "Dinas Pendidikan dan Kebudayaan", unit.Agency, City, confirmed},
	{"disperindagkop-ukm", "Dinas Perindustrian, Perdagangan, Koperasi dan UKM", unit.Agency, City, confirmed},
	{"dinas-perhubungan", "Dinas Perhubungan", unit.Agency, City, confirmed},
	{"dinas-kesehatan-kb", "Dinas Kesehatan dan Keluarga Berencana", unit.Agency, City, confirmed},
	{"puskesmas-jaboi", "Puskesmas Jaboi", unit.ServiceUnit, "dinas-kesehatan-kb", confirmed},
	{"puskesmas-sukajaya", "Puskesmas Sukajaya", unit.ServiceUnit, "dinas-kesehatan-kb", confirmed},
	{"disdukcapil", "Dinas Kependudukan dan Pencatatan Sipil", unit.Agency, City, confirmed},
	{"dinas-sosial-pmg-pppa", "Dinas Sosial, Pemberdayaan Masyarakat Gampong, PP dan PA", unit.Agency, City, confirmed},
	{"dpmptsp-naker", "Dinas Penanaman Modal, PTSP dan Tenaga Kerja", unit.Agency, City, confirmed},
	{"dinas-pupr", "Dinas Pekerjaan Umum dan Penataan Ruang", unit.Agency, City, confirmed},
	{"bpbd", "Badan Penanggulangan Bencana Daerah", unit.Agency, City, confirmed},
	{"sekretariat-lembaga-keistimewaan", "Sekretariat Lembaga Keistimewaan Aceh (MPU, MAA, MPD)", unit.Agency, City, likely},
}

// districts maps the area codes of the districts to unit ids. A district is a
// place and an office at once; the office is the unit.
var districts = map[string]domain.UnitID{
	"11.72.01": "kecamatan-sukakarya",
	"11.72.02": "kecamatan-sukajaya",
	"11.72.03": "kecamatan-sukamakmue",
}
