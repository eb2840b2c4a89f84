package policy

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// Version is one published set of numbers. LastDay is set when it was retired.
type Version struct {
	Version int
	From    domain.Date
	LastDay domain.Date
	Numbers Numbers
	Basis   string
}

// State is what the facts say about one family.
type State struct {
	Policy   domain.PolicyID
	Versions []Version
}

// Latest gives the version published last; false when there is none.
func (s State) Latest() (Version, bool) {
	if len(s.Versions) == 0 {
		return Version{}, false
	}
	return s.Versions[len(s.Versions)-1], true
}

// On gives the numbers valid on a day and the version they come from; false when
// none is. A version ends the one before it, also when it is itself retired.
func (s State) On(d domain.Date) (Numbers, int, bool) {
	for _, v := range slices.Backward(s.Versions) {
		if v.From <= d {
			return v.Numbers, v.Version, v.LastDay == "" || d <= v.LastDay
		}
	}
	return Numbers{}, 0, false
}

// Evolve moves the state on by one fact.
func Evolve(s State, event Event) State {
	switch e := event.(type) {
	case VersionPublished:
		s.Policy = e.Policy
		s.Versions = append(slices.Clone(s.Versions), Version{Version: e.Version, From: e.From, Numbers: e.Numbers, Basis: e.Basis})
	case VersionRetired:
		s.Versions = slices.Clone(s.Versions)
		for i := range s.Versions {
			if s.Versions[i].Version == e.Version {
				s.Versions[i].LastDay = e.LastDay
			}
		}
	}
	return s
}
