package web

import (
	"net/http"
	"slices"
	"time"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// Operations is how the read models fare.
type Operations struct {
	Models  []ReadModel
	Parked  []Parked
	Skipped []Skipped
}

// ReadModel is how one fares.
type ReadModel struct {
	Name     string
	Position uint64 // up to which it is filled
	Parked   int64  // streams
	Led      bool   // some process writes it
	Leading  bool   // this process does
	// Known: it was asked just now whether facts are missing.
	Known bool
	// Since: the oldest fact that is missing was stored then; if not Known, facts
	// stored since then may be missing. Zero: nothing is missing, or it was never known.
	Since  time.Time
	Behind int64 // facts that are missing; below 0 when nobody has counted them
}

// Parked is a stream whose facts wait, since the one at Position failed.
type Parked struct {
	Projection string
	Stream     string
	Position   uint64
	Event      string // stored name
	// Reason is the error, without values from the fact.
	Reason  string
	Since   time.Time
	Waiting int64
}

// Skipped is a fact that somebody left out of a read model for good.
type Skipped struct {
	Parked
	Why string
	By  string
	At  time.Time
}

// seesOperations says whether the caller may see how the machine fares: who runs
// it, and who audits it. The page names streams and errors, and shows no content.
func seesOperations(c caller.Caller) bool {
	return slices.ContainsFunc([]person.Role{person.SystemAdministrator, person.Inspectorate}, c.Has)
}

func (s *Site) operations(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !seesOperations(caller.From(ctx)) {
		return domain.Forbid("operations-not-open", "the caller neither runs nor audits the machine")
	}
	o, err := s.Operations(ctx)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, t(ctx, words.OperationsTitle), operationsPage(o))
}
