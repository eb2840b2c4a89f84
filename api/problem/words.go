package problem

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
)

// both is one sentence in the two languages.
type both struct{ id, en string }

func (b both) in(l caller.Language) string {
	if l == caller.English {
		return b.en
	}
	return b.id
}

// titles say what kind of problem a status is.
var titles = map[int]both{
	http.StatusBadRequest:            {"Masukan belum benar", "The input is not right"},
	http.StatusUnauthorized:          {"Belum masuk", "Not logged in"},
	http.StatusForbidden:             {"Tidak berwenang", "Not allowed"},
	http.StatusNotFound:              {"Tidak ditemukan", "Not found"},
	http.StatusMethodNotAllowed:      {"Metode tidak dikenal di sini", "Method not known here"},
	http.StatusNotAcceptable:         {"Bentuk jawaban tidak tersedia", "No such form of answer"},
	http.StatusConflict:              {"Tidak sesuai dengan yang tercatat sekarang", "At odds with what is recorded now"},
	http.StatusPreconditionFailed:    {"Data sudah berubah", "The record has changed"},
	http.StatusRequestEntityTooLarge: {"Kiriman terlalu besar", "The request is too large"},
	http.StatusUnsupportedMediaType:  {"Bentuk kiriman tidak dikenal", "Unknown form of request"},
	http.StatusUnprocessableEntity:   {"Ditolak oleh aturan", "Refused by the rules"},
	http.StatusPreconditionRequired:  {"Revisi belum disebut", "The revision is not named"},
	http.StatusServiceUnavailable:    {"Layanan sedang tidak tersedia", "Not available right now"},
	http.StatusInternalServerError:   {"Kesalahan pada sistem", "A fault on our side"},
}

func title(ctx context.Context, status int) string {
	t, ok := titles[status]
	if !ok {
		t = titles[http.StatusInternalServerError]
	}
	return t.in(caller.LanguageOf(ctx))
}

// edge explains the refusals that only the edge knows; those of the rules are in
// package words, which pages use too.
var edge = map[string]both{
	"internal":                {"Ada yang gagal pada sistem. Coba lagi; bila berulang, sampaikan trace_id kepada admin.", "Something failed here. Try again; if it stays so, give the trace_id to the administrator."},
	"database-unreachable":    {"Basis data sedang tidak menjawab. Coba lagi sebentar lagi dengan Idempotency-Key yang sama.", "The database does not answer right now. Try again in a moment with the same Idempotency-Key."},
	"too-slow":                {"Terlalu lama; tidak diketahui apakah sudah tersimpan. Ulangi dengan Idempotency-Key yang sama.", "It took too long; whether it was stored is unknown. Repeat with the same Idempotency-Key."},
	"route-unknown":           {"Alamat ini tidak ada. Daftar alamat ada di /api.", "There is no such address. All addresses are listed at /api."},
	"address-malformed":       {"Alamat memuat karakter yang tidak sah.", "The address holds characters that it must not."},
	"policy-unknown":          {"Kebijakan ini tidak ada.", "There is no such policy."},
	"method-not-allowed":      {"Alamat ini tidak menerima metode tersebut.", "This address does not take that method."},
	"origin-refused":          {"Permintaan datang dari situs lain.", "The request comes from another site."},
	"token-refused":           {"Token tidak dikenal, sudah dicabut, atau kedaluwarsa.", "The token is unknown, revoked or expired."},
	"scope-needed":            {"Token ini tidak diberi cakupan untuk permintaan tersebut.", "This token was not given the scope for that."},
	"reader-role-needed":      {"Hanya untuk peran yang berwenang membaca bagian ini.", "Only for roles that may read this."},
	"person-not-visible":      {"Rekam jejak orang ini tidak terbuka untuk Anda.", "This person's record is not open to you."},
	"input-invalid":           {"Sebagian masukan belum benar; lihat errors.", "Some input is not right; see errors."},
	"body-missing":            {"Isi permintaan kosong.", "The request has no body."},
	"body-malformed":          {"Isi permintaan bukan JSON yang ketat: UTF-8 sah, tanpa nama ganda, tanpa \\u0000, tanpa sisa di belakangnya.", "The body is not strict JSON: valid UTF-8, no name twice, no \\u0000, nothing after it."},
	"body-unreadable":         {"Isi permintaan tidak terbaca sampai selesai.", "The body could not be read to its end."},
	"body-too-large":          {"Isi permintaan lebih dari 256 KiB.", "The body is larger than 256 KiB."},
	"media-type-unknown":      {"Kirim sebagai application/json.", "Send application/json."},
	"not-acceptable":          {"Jawaban hanya tersedia sebagai JSON.", "Answers are JSON only."},
	"idempotency-key-missing": {"Sertakan kepala Idempotency-Key: 8 sampai 200 karakter ASCII, baru untuk tiap permintaan, sama bila diulang.", "Send an Idempotency-Key: 8 to 200 ASCII characters, new for each request, the same for a repeat."},
	"if-match-missing":        {"Sertakan kepala If-Match dengan ETag yang Anda lihat.", "Send If-Match with the ETag you saw."},
	"if-match-malformed":      {"If-Match adalah satu revisi dalam tanda kutip, misalnya \"3\".", "If-Match is one revision in quotes, such as \"3\"."},
	"event-id-malformed":      {"ID peristiwa berbentuk UUID.", "The id of an event is a UUID."},
	"event-not-among-newest":  {"Peristiwa itu tidak ada di antara yang terbaru dalam log ini. Mintalah posisinya kepada pengelola sistem.", "The event is not among the newest of this log. Ask the operator for its position."},
	"not-a-place-of-this-log": {"Posisi ini bukan milik log yang ada sekarang: log pernah dikembalikan ke keadaan sebelumnya atau diganti. Mulai lagi dari awal, atau dari posisi terakhir yang sama pada kedua log.", "This position is not one of the log that there is now: it was put back to an earlier state, or is another one. Begin again from the start, or from the last position at which both are the same."},
	"log-malformed":           {"Identitas log adalah nilai kepala Jejak-Log.", "A log's identity is what the header Jejak-Log said."},
	"position-malformed":      {"Posisi adalah bilangan bulat.", "A position is a whole number."},
	"event-unknown":           {"Tidak ada peristiwa pada posisi itu.", "There is no event at that position."},
	"event-name-unknown":      {"Nama peristiwa ini tidak dikenal.", "No event has this name."},
	"edit-unknown":            {"Jenis perubahan ini tidak dikenal.", "This kind of edit is not known."},
	"wait-out-of-range":       {"Tunggu 0 sampai 30 detik.", "Wait 0 to 30 seconds."},
	"token-name-malformed":    {"Nama token satu baris, paling banyak 80 karakter.", "A token's name is one line of at most 80 characters."},
	"token-scope-unknown":     {"Cakupan token: read, write, feed.", "A token's scopes: read, write, feed."},
	"token-life-out-of-range": {"Token berlaku lebih dari nol dan paling lama satu tahun.", "A token lives longer than nothing and at most a year."},
	"token-unknown":           {"Token ini tidak ada.", "There is no such token."},
}

// explain says in the caller's language what went wrong and what to do.
func explain(ctx context.Context, e *domain.Error) string {
	if sentence, ok := edge[e.Slug]; ok {
		return sentence.in(caller.LanguageOf(ctx))
	}
	return words.Of(ctx).Refusal(e)
}

// Slugs lists the refusals that only the edge knows.
func Slugs() []string { return slices.Sorted(maps.Keys(edge)) }
