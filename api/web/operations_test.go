package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/api/web"
	"github.com/jejak-kinerja/jejak/domain"
)

// operations is a machine with one stream in trouble and one fact skipped.
func (w *town) operations(context.Context) (web.Operations, error) {
	since := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	parked := web.Parked{Projection: "inbox_v1", Stream: "plan-1", Position: 40, Event: "plan.submitted.v1", Reason: "SQLSTATE 23514", Since: since, Waiting: 3}
	return web.Operations{
		Models: []web.ReadModel{
			{Name: "inbox_v1", Position: 1200, Parked: 1, Known: true, Led: true, Leading: true},
			{Name: "audittrail_v3", Position: 1150, Known: true, Since: since, Behind: 50, Led: true},
			{Name: "directory_v3", Position: 1100, Known: true, Since: since, Behind: -1, Led: true},
			{Name: "unitpage_v3", Position: 1200, Since: since, Led: true},
			{Name: "cityhome_v2"},
		},
		Parked: []web.Parked{parked}, Skipped: []web.Skipped{{Parked: parked, Why: "entered twice", By: "operator", At: since}}}, nil
}

func TestOperationsAreOpenToWhoRunsOrAuditsTheMachine(t *testing.T) {
	s := newStory(t)
	for as, want := range map[domain.PersonID]int{hasan: 200, rahmi: 403, cut: 403, ismail: 403, fitri: 403} {
		if got, _ := s.browser(as).fetch("/operasi"); got != want {
			t.Errorf("as %s: %d, want %d", as, got, want)
		}
	}
	if page := s.browser(rahmi).get("/menu"); strings.Contains(page, "/operasi") {
		t.Error("an employee's menu leads to the operations")
	}
}

func TestOperationsShowHowFarReadModelsAreAndWhatIsParked(t *testing.T) {
	s := newStory(t)
	b := s.browser(hasan)
	for lang, sentences := range map[string][]string{
		"id": {"Terisi sampai nomor 1.150", "50 fakta belum tampil", "Ada fakta yang belum tampil", "Tidak diketahui apakah masih mutakhir",
			"Belum diketahui apakah mutakhir", "Mutakhir", "Ditulis oleh proses lain", "Tidak ditulis oleh proses mana pun", "1 aliran diparkir",
			"inbox_v1: berhenti di nomor 40", "3 fakta menunggu", "SQLSTATE 23514", "Dilewati oleh operator: entered twice"},
		"en": {"Filled up to number 1,150", "50 facts not shown yet", "Some facts are not shown yet", "Not known whether it is still up to date",
			"Not known yet whether it is up to date", "Up to date", "Written by another process", "Written by no process", "1 parked stream",
			"inbox_v1: stopped at number 40", "3 facts waiting", "SQLSTATE 23514", "Skipped by operator: entered twice"},
	} {
		page := b.get("/operasi?lang=" + lang)
		for _, sentence := range sentences {
			if !strings.Contains(page, sentence) {
				t.Errorf("%s: %q is missing", lang, sentence)
			}
		}
		if strings.Contains(page, "⟦") || strings.Count(page, "<h1") != 1 {
			t.Errorf("%s: a text or the heading is missing", lang)
		}
	}
}
