package demo

import "github.com/jejak-kinerja/jejak/domain/plan"

// duty is one result that people of a theme work for, how it is measured and how
// its reports read.
type duty struct {
	result    string
	indicator string
	aspect    plan.Aspect
	target    int64 // a year
	measure   string
	// reports are what was done, with %d for the quantity.
	reports []string
	// perReport is the usual quantity of one report.
	perReport int
}

// theme is what a unit is there for.
type theme []duty

// themes by unit id; every other unit does office work.
var themes = map[string]theme{
	"dinas-pariwisata": {
		{"Meningkatnya kesiapan destinasi wisata menerima tamu", "Jumlah kunjungan pembinaan ke pengelola destinasi", plan.Quantity, 96, "kunjungan",
			[]string{"Membina %d pengelola homestay di Iboih tentang kebersihan dan keselamatan", "Mengunjungi %d titik selam bersama pemandu, mencatat rambu yang rusak", "Mendampingi %d pelaku usaha menyiapkan papan harga dua bahasa"}, 8},
		{"Terlaksananya layanan informasi wisata yang ramah", "Jumlah wisatawan yang dilayani di pusat informasi", plan.Quantity, 2400, "orang",
			[]string{"Melayani %d wisatawan di pusat informasi Balohan", "Memandu %d tamu kapal pesiar, kendala bahasa pada tamu Mandarin", "Menjawab pertanyaan %d wisatawan lewat pesan singkat"}, 200},
		{"Tersusunnya kalender acara budaya bersama gampong", "Jumlah acara yang terjadwal bersama gampong", plan.Quantity, 24, "acara",
			[]string{"Menyepakati %d acara dengan keuchik dan panglima laot", "Menyusun susunan acara khanduri laot, %d kegiatan"}, 2},
	},
	"dinas-pendidikan-kebudayaan": {
		{"Meningkatnya kemampuan literasi peserta didik", "Jumlah kelas yang mengikuti pendampingan membaca", plan.Quantity, 120, "kelas",
			[]string{"Mendampingi kegiatan membaca di %d kelas", "Menilai hasil bacaan lancar pada %d kelas, tiga siswa perlu pendampingan khusus"}, 10},
		{"Terlaksananya pembelajaran sesuai kurikulum", "Jumlah jam tatap muka", plan.Quantity, 860, "jam",
			[]string{"Mengajar %d jam tatap muka sesuai jadwal", "Mengajar %d jam, satu pertemuan diganti kunjungan ke museum tsunami"}, 72},
		{"Terjaganya kehadiran peserta didik", "Jumlah kunjungan rumah siswa yang sering absen", plan.Quality, 24, "kunjungan",
			[]string{"Mengunjungi rumah siswa yang sering absen, %d kunjungan", "Membahas kehadiran dengan orang tua pada %d kunjungan"}, 2},
	},
	"dinas-kesehatan-kb": {
		{"Meningkatnya cakupan imunisasi dasar lengkap", "Jumlah anak yang diimunisasi lengkap", plan.Quantity, 360, "anak",
			[]string{"Melaksanakan imunisasi untuk %d anak di posyandu", "Kunjungan rumah, %d anak dilengkapi imunisasinya"}, 30},
		{"Terlaksananya layanan keluarga berencana", "Jumlah akseptor yang dilayani", plan.Quantity, 240, "orang",
			[]string{"Memberi konseling kepada %d pasangan usia subur", "Melayani %d akseptor baru dan lama"}, 20},
	},
	"puskesmas-jaboi":    clinic,
	"puskesmas-sukajaya": clinic,
	"disdukcapil": {
		{"Terselesaikannya dokumen kependudukan tepat waktu", "Jumlah dokumen yang terbit dalam satu hari", plan.Time, 3600, "dokumen",
			[]string{"Menerbitkan %d dokumen, semuanya selesai pada hari yang sama", "Menerbitkan %d dokumen, jaringan sempat terputus dua jam"}, 300},
		{"Terjangkaunya warga gampong oleh layanan keliling", "Jumlah layanan keliling", plan.Quantity, 36, "kali",
			[]string{"Melaksanakan %d kali layanan keliling di Paya Keunekai", "Layanan keliling %d kali, warga lanjut usia didahulukan"}, 3},
	},
	"dpmptsp-naker": {
		{"Meningkatnya ketepatan waktu penerbitan izin", "Jumlah izin yang terbit sesuai janji layanan", plan.Time, 480, "izin",
			[]string{"Menerbitkan %d izin sesuai janji layanan", "Memverifikasi %d berkas, lima dikembalikan karena lampiran kurang"}, 40},
		{"Terlaksananya pelatihan kerja yang diminati dunia usaha", "Jumlah peserta pelatihan", plan.Quantity, 120, "orang",
			[]string{"Melatih %d peserta tata boga hotel", "Mendata minat %d pencari kerja"}, 10},
	},
	"dinas-pupr": {
		{"Terpeliharanya jalan dan drainase kota", "Panjang jalan yang terpelihara", plan.Quantity, 24, "km",
			[]string{"Memelihara %d km jalan di ruas Balohan", "Membersihkan drainase sepanjang %d km setelah hujan lebat"}, 2},
		{"Tersusunnya dokumen teknis tepat waktu", "Jumlah dokumen teknis", plan.Quantity, 36, "dokumen",
			[]string{"Menyelesaikan %d dokumen teknis perencanaan", "Memeriksa %d gambar kerja bersama konsultan"}, 3},
	},
	"bpbd": {
		{"Meningkatnya kesiapsiagaan warga pesisir", "Jumlah simulasi evakuasi", plan.Quantity, 24, "simulasi",
			[]string{"Melaksanakan %d simulasi evakuasi tsunami di sekolah", "Memeriksa jalur evakuasi dan melatih %d kelompok siaga gampong"}, 2},
		{"Terjaganya kesiapan peralatan tanggap darurat", "Jumlah pemeriksaan peralatan", plan.Quantity, 48, "pemeriksaan",
			[]string{"Memeriksa peralatan %d kali, satu perahu perlu perbaikan"}, 4},
	},
	"disperindagkop-ukm": {
		{"Meningkatnya usaha mikro yang tertib pembukuan", "Jumlah usaha mikro yang didampingi", plan.Quantity, 144, "usaha",
			[]string{"Mendampingi %d usaha mikro menyusun pembukuan", "Membantu %d pengrajin mendaftar izin usaha"}, 12},
		{"Terjaganya tertib niaga di pasar", "Jumlah pemeriksaan takaran dan timbangan", plan.Quantity, 240, "alat",
			[]string{"Memeriksa %d timbangan di pasar pagi", "Menera ulang %d alat ukur pedagang ikan"}, 20},
	},
	"dinas-perhubungan": {
		{"Terjaganya kelancaran penyeberangan dan jalan", "Jumlah pengaturan lalu lintas pelabuhan", plan.Quantity, 144, "kali",
			[]string{"Mengatur arus kendaraan kapal %d kali tanpa kejadian", "Menertibkan parkir dermaga %d kali, antrean menurun"}, 12},
		{"Meningkatnya kelaikan kendaraan umum", "Jumlah kendaraan yang diuji", plan.Quantity, 360, "kendaraan",
			[]string{"Menguji %d kendaraan, dua tidak laik jalan", "Memeriksa kelengkapan %d becak motor wisata"}, 30},
	},
}

var clinic = theme{
	{"Meningkatnya mutu layanan rawat jalan", "Jumlah pasien yang dilayani", plan.Quantity, 3000, "pasien",
		[]string{"Melayani %d pasien rawat jalan", "Melayani %d pasien, waktu tunggu rata-rata di bawah setengah jam"}, 250},
	{"Terpantaunya tumbuh kembang balita", "Jumlah balita yang ditimbang", plan.Quantity, 600, "balita",
		[]string{"Menimbang %d balita di posyandu", "Menemukan dan merujuk balita kurang gizi dari %d yang diperiksa"}, 50},
}

// officeWork is what every office does.
var officeWork = theme{
	{"Terselesaikannya administrasi perkantoran tepat waktu", "Jumlah berkas yang diselesaikan", plan.Quantity, 720, "berkas",
		[]string{"Menyelesaikan %d berkas surat masuk dan keluar", "Mengarsipkan %d berkas dan memperbaiki daftar isi", "Menyelesaikan %d berkas, dua menunggu tanda tangan"}, 60},
	{"Tersusunnya laporan dan data yang dapat dipercaya", "Jumlah laporan yang diterima tanpa perbaikan", plan.Quality, 24, "laporan",
		[]string{"Menyusun %d laporan bulanan dan mencocokkan angkanya", "Memperbaiki data dan menyusun %d laporan"}, 2},
	{"Meningkatnya kepuasan pemangku kepentingan atas layanan", "Jumlah permintaan yang terjawab dalam tiga hari", plan.Time, 180, "permintaan",
		[]string{"Menjawab %d permintaan data dari perangkat daerah lain", "Menyelesaikan %d permintaan layanan internal"}, 15},
}

// leading is what leaders answer for.
var leading = theme{
	{"Meningkatnya kepuasan penerima layanan", "Jumlah tindak lanjut hasil survei kepuasan", plan.Recipients, 24, "tindak lanjut",
		[]string{"Membahas hasil survei kepuasan bersama tim, %d tindak lanjut disepakati", "Memeriksa %d tindak lanjut survei di loket layanan"}, 2},
	{"Tertatanya proses bisnis perangkat daerah", "Jumlah prosedur yang disederhanakan", plan.Process, 8, "prosedur",
		[]string{"Menyederhanakan %d prosedur bersama bagian terkait"}, 1},
	{"Terlaksananya anggaran secara tepat", "Jumlah tinjauan realisasi anggaran", plan.Budget, 12, "tinjauan",
		[]string{"Meninjau realisasi anggaran terhadap rencana kas, %d tinjauan"}, 1},
}

// themeOf gives what people of a unit and level work for.
func themeOf(unit string, leader bool) theme {
	if leader {
		return leading
	}
	if t, ok := themes[unit]; ok {
		return t
	}
	return officeWork
}
