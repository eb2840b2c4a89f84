package policy

import "github.com/jejak-kinerja/jejak/domain"

// Performance names the family of numbers for plans, reports, feedback and appraisals.
const Performance domain.PolicyID = "kinerja"

// Numbers are the local values that rules use. Every one of them is a choice of
// the city, not of the national rule, unless its comment names a basis.
type Numbers struct {
	// SilentDays without feedback put a person on the list of those without feedback.
	SilentDays int `json:"silent_days"`
	// StaleWorkdays without an answer make a report stale.
	StaleWorkdays int `json:"stale_workdays"`
	// BackdateReasonDays: a report older than this needs a reason.
	BackdateReasonDays int `json:"backdate_reason_days"`
	// BackdateLimitDays: a report older than this is refused here.
	BackdateLimitDays int `json:"backdate_limit_days"`
	// ProvisionalLinkDays: a main result may lack its superior's result this long.
	ProvisionalLinkDays int `json:"provisional_link_days"`
	// ObjectionDays to file an objection after receipt. Dasar: PP 30/2019 Pasal 59.
	ObjectionDays int `json:"objection_days"`
}

// Defaults are the numbers used before any version is published. The 14 days for
// an objection are the national rule (counted here as calendar days, which is a
// local reading); the other five are our proposals to the city.
func Defaults() Numbers {
	return Numbers{
		SilentDays:          30,
		StaleWorkdays:       3,
		BackdateReasonDays:  7,
		BackdateLimitDays:   31,
		ProvisionalLinkDays: 30,
		ObjectionDays:       14,
	}
}

// MaxDays is the largest number we accept: no rule here waits longer than a leap year.
const MaxDays = 366

func (n Numbers) check() error {
	for _, f := range []struct {
		field string
		days  int
	}{
		{"silent_days", n.SilentDays}, {"stale_workdays", n.StaleWorkdays},
		{"backdate_reason_days", n.BackdateReasonDays}, {"backdate_limit_days", n.BackdateLimitDays},
		{"provisional_link_days", n.ProvisionalLinkDays}, {"objection_days", n.ObjectionDays},
	} {
		if f.days < 1 || f.days > MaxDays {
			return domain.Bad(f.field, "days-out-of-range", "%s is 1 to %d", f.field, MaxDays)
		}
	}
	if n.BackdateReasonDays > n.BackdateLimitDays {
		return domain.Bad("backdate_reason_days", "backdate-limits-crossed",
			"a reason cannot be asked for later than reports are refused")
	}
	return nil
}
