package policy

import "github.com/jejak-kinerja/jejak/domain"

// Event is a fact about a family of policy versions.
//
//sumtype:decl
type Event interface{ policyEvent() }

// VersionPublished makes numbers valid from a day on; decisions name the version
// they used. Istilah: penetapan versi kebijakan.
type VersionPublished struct {
	Policy  domain.PolicyID `json:"policy"`
	Version int             `json:"version"`
	From    domain.Date     `json:"from"`
	Numbers Numbers         `json:"numbers"`
	// Basis says where the numbers come from, in the office's words.
	Basis string `json:"basis"`
}

// VersionRetired ends a version after its last day. Istilah: pencabutan versi kebijakan.
type VersionRetired struct {
	Version int         `json:"version"`
	LastDay domain.Date `json:"last_day"`
}

func (VersionPublished) policyEvent() {}
func (VersionRetired) policyEvent()   {}

// Stored lists every fact of the stream under its stored name.
var Stored = []domain.Entry{
	domain.Stored[VersionPublished]("policy.version-published.v1"),
	domain.Stored[VersionRetired]("policy.version-retired.v1"),
}
