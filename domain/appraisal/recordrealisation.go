package appraisal

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// MaxReports under one realisation: one for every day of a year.
const MaxReports = 366

// RecordRealisation says what was reached on one result, and on what evidence;
// until the results are rated it may be said anew. Istilah: catat realisasi.
type RecordRealisation struct {
	By       domain.PersonID
	Result   domain.ResultID
	Quantity domain.Decimal
	Measure  string
	Reports  []domain.ReportID
	// NoEvidence is why there are no reports.
	NoEvidence domain.Sealed
}

func (RecordRealisation) appraisalCommand() {}

func decideRecordRealisation(s State, c RecordRealisation) ([]Event, error) {
	if err := s.asAppraiser(c.By); err != nil {
		return nil, err
	}
	if err := checkRealisation(c); err != nil {
		return nil, err
	}
	r, ok := s.Realisation(c.Result)
	if ok && r.Quantity == c.Quantity && r.Measure == c.Measure && r.NoEvidence == c.NoEvidence && slices.Equal(r.Reports, c.Reports) {
		return nil, nil
	}
	if s.Result != "" {
		return nil, domain.Refuse("results-rated", "the results were rated on the realisations as they are")
	}
	return []Event{RealisationRecorded{c.Result, c.Quantity, c.Measure, c.Reports, c.NoEvidence}}, nil
}

func checkRealisation(c RecordRealisation) error {
	if err := domain.CheckID("result", string(c.Result)); err != nil {
		return err
	}
	if c.Quantity < 0 {
		return domain.Bad("quantity", "quantity-negative", "a quantity is not negative")
	}
	if err := domain.CheckDecimal("quantity", c.Quantity); err != nil {
		return err
	}
	if c.Quantity != 0 || c.Measure != "" {
		if err := domain.CheckWording("measure", c.Measure); err != nil {
			return err
		}
	}
	if len(c.Reports) == 0 && c.NoEvidence.Empty() {
		return domain.Bad("reports", "evidence-missing", "name a report, or say why there is none")
	}
	if len(c.Reports) > 0 && !c.NoEvidence.Empty() {
		return domain.Bad("no_evidence", "evidence-contradicts", "there are reports: no reason is needed")
	}
	if len(c.Reports) > MaxReports {
		return domain.Bad("reports", "too-many-reports", "a realisation rests on at most %d reports", MaxReports)
	}
	for i, id := range c.Reports {
		if err := domain.CheckID("reports", string(id)); err != nil {
			return err
		}
		if slices.Contains(c.Reports[:i], id) {
			return domain.Bad("reports", "report-twice", "a report counts once")
		}
	}
	return nil
}
