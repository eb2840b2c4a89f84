package plan_test

import (
	"slices"
	"testing"

	"github.com/jejak-kinerja/jejak/domain/plan"
)

func TestWordingsOfOutcomesPassAndActivitiesAreHinted(t *testing.T) {
	for wording, want := range map[string][]plan.Hint{
		"Terlaksananya pelayanan perizinan tepat waktu": nil,
		"  MENINGKATNYA kunjungan wisatawan":            nil,
		"Berkurangnya waktu tunggu pasien":              nil,
		"Melaksanakan pelayanan perizinan":              {plan.HintActivity},
		"Penyusunan laporan keuangan":                   {plan.HintActivity},
		"Berkoordinasi dengan kecamatan setiap bulan":   {plan.HintActivity},
		"Laporan keuangan tahunan":                      {plan.HintNoOutcome},
		"Laporan":                                       {plan.HintNoOutcome, plan.HintShort},
		"Terlaksananya layanan":                         {plan.HintShort},
		"   ":                                           {plan.HintShort},
	} {
		if got := plan.LintWording(wording); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", wording, got, want)
		}
	}
}
