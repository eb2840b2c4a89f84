package demo

// Texts of the invented conversation between people at work.
var (
	acknowledgements = []string{"Terima kasih, sudah saya baca.", "Baik, lanjutkan sesuai jadwal.", "Bagus. Mohon lampirkan foto pada laporan berikut.", "Sesuai harapan, sampaikan terima kasih kepada tim.", "", "", ""}
	questions        = []string{"Angka ini naik jauh dari bulan lalu, apa penyebabnya?", "Mohon jelaskan lokasi dan siapa saja yang hadir.", "Apakah kendala yang ditulis bulan lalu sudah selesai?"}
	answers          = []string{"Bulan ini ada tambahan permintaan dari gampong, daftar hadir sudah saya simpan.", "Kegiatan di dua lokasi, hadir perangkat gampong dan warga.", "Sudah selesai minggu lalu, alatnya telah diganti."}
	corrections      = []string{"Salah ketik jumlah, sudah dicocokkan dengan daftar hadir.", "Jumlah sebelumnya belum termasuk kegiatan sore hari."}
	praise           = []string{"Cara Anda menjelaskan kepada warga sangat jelas, pertahankan.", "Laporan rapi dan tepat waktu selama tiga bulan terakhir.", "Inisiatif mengajak gampong terlibat patut dicontoh."}
	advice           = []string{"Coba siapkan ringkasan satu halaman sebelum rapat.", "Akan lebih baik bila kendala disampaikan lebih awal.", "Latih percakapan bahasa Inggris singkat untuk menyambut tamu."}
	concerns         = []string{"Beberapa laporan terlambat bulan ini, mari kita bicarakan penyebabnya.", "Perlu lebih teliti mencocokkan angka sebelum dikirim."}
	replies          = []string{"Terima kasih, akan saya perbaiki.", "Baik, bulan depan saya siapkan lebih awal.", "Terima kasih atas perhatiannya."}
	returns          = []string{"Target layanan belum sesuai kesepakatan dialog kinerja, mohon disesuaikan.", "Indikator kedua belum terukur, mohon perbaiki."}
	withdrawals      = []string{"Ada penugasan tambahan untuk festival, target perlu disesuaikan."}
	scoreReasons     = []string{"Bukti dukung semester dua terlambat masuk dan telah diverifikasi.", "Realisasi pada lembar kerja semula tertukar dengan hasil unit lain."}
	ratingNotes      = []string{"Hasil konsisten dan didukung bukti.", "Target tercapai, mutu perlu dijaga.", "Masih perlu pendampingan pada semester berikut."}
	disputes         = []string{"Keterlambatan terjadi karena gangguan jaringan yang sudah saya laporkan."}
)
