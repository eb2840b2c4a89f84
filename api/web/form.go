package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

const (
	// keyField and revisionField travel hidden in every form: the Idempotency-Key,
	// so that a form sent twice is one fact, and the revision the sender saw.
	keyField      = "kunci"
	revisionField = "revisi"
	// maxFormBytes of a form without files: many long texts.
	maxFormBytes = 256 << 10
	// maxUploadBytes of a form with one file of evidence.
	maxUploadBytes = commands.MaxFileBytes + maxFormBytes
	// maxFormMemory is what of an upload stays in memory; the rest is a temporary file.
	maxFormMemory = 1 << 20
)

// form is what somebody filled in, why it was not taken, and the key under which
// it will be sent (again).
type form struct {
	Values  url.Values
	Problem *domain.Error
	Key     string
	// File is the name of the file that came with it. A browser does not fill in a
	// file again, so it must be chosen anew.
	File string
	// Action tells the forms of one page apart; the one at fault shows its problem.
	Action string
}

// blank is a form nobody has filled in, with what is known already.
func blank(known ...string) form {
	f := form{Values: url.Values{}, Key: rand.Text()}
	for i := 0; i+1 < len(known); i += 2 {
		f.Values.Set(known[i], known[i+1])
	}
	return f
}

// readForm reads what was sent. Text areas send line ends as CR LF; facts keep LF.
func readForm(w http.ResponseWriter, r *http.Request) (form, error) {
	limit := int64(maxFormBytes)
	multipart := strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
	if multipart {
		limit = maxUploadBytes
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	var err error
	if multipart {
		err = r.ParseMultipartForm(maxFormMemory)
	} else {
		err = r.ParseForm()
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return form{}, err
	}
	if err != nil {
		return form{}, domain.Bad("", "form-unreadable", "the form could not be read")
	}
	f := form{Values: r.PostForm, Key: r.PostForm.Get(keyField)}
	if multipart {
		for _, file := range r.MultipartForm.File["evidence"] {
			if file.Size > 0 {
				f.File = file.Filename
			}
		}
	}
	for _, values := range f.Values {
		for i := range values {
			values[i] = strings.TrimSpace(strings.ReplaceAll(values[i], "\r\n", "\n"))
		}
	}
	return f, nil
}

func (f form) get(name string) string { return f.Values.Get(name) }

// of gives the form of an action: the one at fault, or a blank one.
func (f form) of(action string, known ...string) form {
	if f.Action == action && f.Problem != nil {
		return f
	}
	b := blank(known...)
	b.Action = action
	return b
}

// wrong says whether the field is the one at fault.
func (f form) wrong(name string) bool { return f.Problem != nil && f.Problem.Field == name }

// ask is the envelope of a command that the form's sender gives.
func (f form) ask(ctx context.Context) commands.Ask {
	a := commands.Ask{Key: domain.CommandID(f.Key), Actor: caller.From(ctx).Person, Capacity: domain.Definitive, Source: domain.FromPage}
	if n, err := strconv.ParseInt(f.get(revisionField), 10, 64); err == nil {
		a.IfMatch = &n
	}
	return a
}

// mendable says whether the sender can mend the refusal in the form, or send it again
// later; else it is a page of its own.
func mendable(err error) (*domain.Error, bool) {
	e, ok := errors.AsType[*domain.Error](err)
	if !ok {
		return nil, false
	}
	switch e.Kind {
	case domain.Invalid, domain.Refused, domain.Conflict, domain.Stale, domain.Unavailable:
		return e, true
	default:
		return nil, false
	}
}

// refused makes the form the one at fault when its sender can mend the refusal, and
// gives the status of the page that shows it again.
func (f *form) refused(r *http.Request, err error) (status int, ok bool) {
	problem, ok := mendable(err)
	if !ok {
		return 0, false
	}
	f.Problem = problem
	viewOf(r.Context()).refused = f
	return statuses[problem.Kind], true
}

// written are the fields in which people write sentences.
var written = []string{"text", "note", "question", "answer", "reason", "late_reason", "no_evidence", "wording", "expectation", "reference"}

// typed gives the sentences in the form.
func (f form) typed() []string {
	var texts []string
	for _, name := range written {
		if text := f.get(name); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// decimal reads a number with a comma or a point; empty is zero.
func decimal(field, s string) (domain.Decimal, error) {
	s = strings.ReplaceAll(s, ",", ".")
	if s == "" {
		return 0, nil
	}
	whole, rest, _ := strings.Cut(s, ".")
	if len(rest) > 2 {
		return 0, domain.Bad(field, "number-malformed", "%s has at most two decimals", field)
	}
	n, err := strconv.ParseInt(whole+(rest + "00")[:2], 10, 64)
	if err != nil {
		return 0, domain.Bad(field, "number-malformed", "%s is no number", field)
	}
	return domain.Decimal(n), nil
}

// sent redirects after a command that changed a page: back to it, with the number
// of the fact.
func (s *Site) sent(w http.ResponseWriter, r *http.Request, back string, out commands.Outcome) error {
	s.settled(r.Context(), out.Position)
	if out.Position != 0 {
		back += "?tercatat=" + strconv.FormatUint(out.Position, 10)
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// receipted redirects after a command that deserves a receipt.
func (s *Site) receipted(w http.ResponseWriter, r *http.Request, out commands.Outcome) error {
	to := "/tercatat/" + out.Stream + "?nomor=" + strconv.FormatUint(out.Position, 10)
	if out.Replayed {
		to += "&ulang=1"
	}
	if !s.settled(r.Context(), out.Position) {
		to += "&menyusul=1"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
