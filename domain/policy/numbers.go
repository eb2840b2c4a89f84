package policy

// Numbers are the local values that rules use. Every one of them is a choice of
// the city, not of the national rule, unless domain facts say otherwise.
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
	// ObjectionDays to file an objection after receipt.
	ObjectionDays int `json:"objection_days"`
}
