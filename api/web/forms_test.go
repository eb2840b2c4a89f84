package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/progress"
)

// keyOf finds the hidden key of a page's form, as a browser would send it.
func keyOf(t *testing.T, page, action string) url.Values {
	t.Helper()
	form := regexp.MustCompile(`(?s)<form[^>]*action="` + regexp.QuoteMeta(action) + `".*?</form>`).FindString(page)
	if form == "" {
		t.Fatalf("no form for %s in\n%s", action, excerpt(page))
	}
	v := url.Values{}
	for _, m := range regexp.MustCompile(`type="hidden" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(form, -1) {
		v.Set(m[1], m[2])
	}
	return v
}

func with(v url.Values, pairs ...string) url.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func TestAReportIsMadeInOneFormAndReceipted(t *testing.T) {
	s := newStory(t)
	b := s.browser(rahmi)
	form := with(keyOf(t, b.get("/lapor"), "/lapor"), "text", "Menyusun brosur <b>bahari</b>", "result", string(s.plan)+"/"+string(s.result), "quantity", "2,5", "measure", "kegiatan")
	before := len(s.store.All())
	status, page, at := b.post("/lapor", form)
	if status != http.StatusOK || !strings.HasPrefix(at.Path, "/tercatat/progress-") || !strings.Contains(page, "Nomor fakta") {
		t.Fatalf("%d at %s\n%s", status, at, excerpt(page))
	}
	_, again, _ := b.post("/lapor", form)
	if got := len(s.store.All()) - before; got != 1 {
		t.Errorf("%d facts from one form sent twice", got)
	}
	if !strings.Contains(again, "sudah tercatat sebelumnya") {
		t.Error("the second receipt does not say that it is a repeat")
	}
	reported, ok := s.store.All()[before].Body.(progress.Reported)
	if !ok || reported.Quantity != 250 || reported.Plan != s.plan {
		t.Errorf("stored %#v", s.store.All()[before].Body)
	}
	detail := b.get("/laporan/" + string(reported.Report))
	if !strings.Contains(detail, "Menyusun brosur &lt;b&gt;bahari&lt;/b&gt;") || !strings.Contains(detail, "2,5 kegiatan") {
		t.Errorf("the report's page does not say what was written\n%s", excerpt(detail))
	}
}

func TestARefusedReportSaysWhyAndLosesNothing(t *testing.T) {
	s := newStory(t)
	b := s.browser(rahmi)
	form := with(keyOf(t, b.get("/lapor"), "/lapor"), "text", "Kerja lama", "result", "/", "on", "2026-11-01", "quantity", "1", "measure", "berkas")
	status, page, _ := b.post("/lapor", form)
	if status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
		t.Fatalf("status %d", status)
	}
	for _, need := range []string{`data-problems`, `href="#f-late_reason"`, `aria-invalid="true"`, "Kerja lama", `value="berkas"`, form.Get("kunci")} {
		if !strings.Contains(page, need) {
			t.Errorf("the form lacks %s", need)
		}
	}
	if status, _, at := b.post("/lapor", with(form, "late_reason", "Sakit selama seminggu")); status != http.StatusOK || !strings.HasPrefix(at.Path, "/tercatat/") {
		t.Errorf("mended: %d at %s", status, at)
	}
}

func TestAPhotoIsKeptAndServedOnlyToWhoMaySee(t *testing.T) {
	s := newStory(t)
	b := s.browser(rahmi)
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, value := range map[string]string{"kunci": "foto-foto-1", "text": "Foto pantai", "result": "/"} {
		if err := m.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	file, err := m.CreateFormFile("evidence", "pantai.html")
	if err != nil {
		t.Fatal(err)
	}
	png := "\x89PNG\r\n\x1a\n<script>alert(1)</script>"
	if _, err := file.Write([]byte(png)); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	res, err := b.Post(s.server.URL+"/lapor", m.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	read(t, res)
	all := s.store.All()
	reported := all[len(all)-1].Body.(progress.Reported)
	path := "/laporan/" + string(reported.Report) + "/bukti/" + string(reported.Evidence[0].Digest)
	res, err = b.Get(s.server.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	if _, got := read(t, res); got != png || res.Header.Get("Content-Type") != "image/png" || !strings.Contains(res.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("served %q as %s", got, res.Header.Get("Content-Type"))
	}
	if status, _ := s.browser("staf-1").fetch(path); status != http.StatusForbidden {
		t.Errorf("a colleague gets %d", status)
	}
	if status, _ := b.fetch("/laporan/" + string(s.report) + "/bukti/" + string(reported.Evidence[0].Digest)); status != http.StatusNotFound {
		t.Errorf("through another report: %d", status)
	}
}

func TestAReportGoesThroughQuestionAnswerAndAcknowledgement(t *testing.T) {
	s := newStory(t)
	path := "/laporan/" + string(s.asked)
	author, superior := s.browser(rahmi), s.browser(teuku)
	if status, page, at := author.post(path+"/jawab", with(keyOf(t, author.get(path), path+"/jawab"), "answer", "Iboih dan Gapang.")); status != http.StatusOK || at.Query().Get("tercatat") == "" {
		t.Fatalf("answer: %d\n%s", status, excerpt(page))
	}
	page := superior.get(path)
	if !strings.Contains(page, "Iboih dan Gapang.") {
		t.Error("the superior does not see the answer")
	}
	stale := keyOf(t, page, path+"/ketahui")
	if status, _, _ := superior.post(path+"/ketahui", stale); status != http.StatusOK {
		t.Errorf("acknowledge: %d", status)
	}
	status, page, _ := author.post(path+"/tarik", with(url.Values{"kunci": {"tarik-tarik-1"}, "revisi": {"0"}}, "reason", "Salah hari"))
	if status != http.StatusPreconditionFailed || !strings.Contains(page, "data-problems") || !strings.Contains(page, "Salah hari") {
		t.Errorf("a decision on an old page gives %d", status)
	}
}

func TestReportsAreAcknowledgedTogether(t *testing.T) {
	s := newStory(t)
	b := s.browser(teuku)
	page := b.get("/menunggu")
	form := keyOf(t, page, "/menunggu/ketahui")
	for _, m := range regexp.MustCompile(`name="report" value="([^"]+)"`).FindAllStringSubmatch(page, 3) {
		form.Add("report", m[1])
	}
	status, page, _ := b.post("/menunggu/ketahui", form)
	if status != http.StatusOK || !strings.Contains(page, "3 laporan diketahui") {
		t.Errorf("%d\n%s", status, excerpt(page))
	}
	if status, _, _ := b.post("/menunggu/ketahui", url.Values{"kunci": {"tidak-ada-isi"}}); status != http.StatusBadRequest {
		t.Errorf("nothing chosen gives %d", status)
	}
}

func TestFeedbackIsGivenReadAndAnswered(t *testing.T) {
	s := newStory(t)
	giver, receiver := s.browser(cut), s.browser(rahmi)
	form := with(keyOf(t, giver.get("/umpan-balik/baru?kepada=rahmi"), "/umpan-balik/baru"), "tone", string(feedback.Praise), "text", "Brosurnya dipakai di pelabuhan.")
	status, page, at := giver.post("/umpan-balik/baru", form)
	if status != http.StatusOK || !strings.HasPrefix(at.Path, "/tercatat/feedback-") {
		t.Fatalf("%d\n%s", status, excerpt(page))
	}
	thread := "/umpan-balik/" + strings.TrimPrefix(at.Path, "/tercatat/feedback-")
	page = receiver.get(thread)
	if !strings.Contains(page, "Brosurnya dipakai di pelabuhan.") || !strings.Contains(page, "data-send-when-seen") {
		t.Errorf("the receiver sees\n%s", excerpt(page))
	}
	receiver.post(thread+"/dibaca", keyOf(t, page, thread+"/dibaca"))
	receiver.post(thread+"/balas", with(keyOf(t, page, thread+"/balas"), "text", "Terima kasih, Bu."))
	page = giver.get(thread)
	if !strings.Contains(page, "Terima kasih, Bu.") || !strings.Contains(page, "Dibaca Rahmi Safitri") {
		t.Errorf("the giver sees\n%s", excerpt(page))
	}
	if status, _ := s.browser("staf-1").fetch(thread); status != http.StatusForbidden {
		t.Errorf("a colleague reads it with %d", status)
	}
}

func TestThePublicIsNotToldAboutSmallGroups(t *testing.T) {
	s := newStory(t)
	public, insider := s.browser("").get("/"), s.browser(ismail).get("/kota")
	if !strings.Contains(public, "kurang dari 10") || strings.Contains(public, "Baik: 1<") || strings.Contains(public, ", 1 pegawai") {
		t.Error("the public can count a small group")
	}
	if !strings.Contains(insider, "Baik: 1<") {
		t.Error("those who answer for the city cannot")
	}
}
