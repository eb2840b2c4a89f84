package v1

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/domain"
)

// settle makes huma speak as we do. The library keeps these choices in variables
// of the process, so they are set once and for all.
var settle = sync.OnceFunc(func() {
	huma.ValidateStrictCasing = true
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		return refusal(ctx.Context(), status, message, errs)
	}
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return refusal(context.Background(), status, message, errs)
	}
})

// refusal turns what huma found into a problem. Nothing that the caller sent is
// repeated: of huma's sentences only their kind is kept.
func refusal(ctx context.Context, status int, message string, errs []error) *problem.Problem {
	for _, err := range errs {
		if p, ok := errors.AsType[*problem.Problem](err); ok {
			return p
		}
	}
	faults, missing := found(ctx, errs)
	if missing != nil {
		return problem.With(ctx, missing.status, missing.refusal)
	}
	status, slug := kindOf(status, message, faults)
	p := problem.With(ctx, status, &domain.Error{Slug: slug})
	p.Errors = faults
	return p
}

func kindOf(status int, message string, faults []problem.Fault) (int, string) {
	switch status {
	case http.StatusBadRequest:
		if strings.Contains(message, "required") {
			return status, "body-missing"
		}
		if len(faults) == 1 && faults[0].Code == "json-malformed" {
			return status, "body-malformed"
		}
		return status, "input-invalid"
	case http.StatusUnprocessableEntity:
		return http.StatusBadRequest, "input-invalid" // 422 is for the rules
	case http.StatusRequestEntityTooLarge:
		return status, "body-too-large"
	case http.StatusUnsupportedMediaType:
		return status, "media-type-unknown"
	case http.StatusNotAcceptable:
		return status, "not-acceptable"
	case http.StatusRequestTimeout:
		return http.StatusBadRequest, "body-unreadable"
	}
	if message == "cannot read request body" {
		return http.StatusBadRequest, "body-unreadable"
	}
	return http.StatusInternalServerError, "internal"
}

// missing is a header without which we do not even begin.
type missing struct {
	status  int
	refusal *domain.Error
}

var needed = map[string]*missing{
	"header.Idempotency-Key": {http.StatusBadRequest, domain.Bad("Idempotency-Key", "idempotency-key-missing", "an Idempotency-Key is needed")},
	"header.If-Match":        {http.StatusPreconditionRequired, &domain.Error{Kind: domain.Invalid, Slug: "if-match-missing", Detail: "If-Match is needed"}},
}

// found lists the faults; of headers that are missing the first.
func found(ctx context.Context, errs []error) ([]problem.Fault, *missing) {
	var faults []problem.Fault
	for _, err := range errs {
		detail, ok := errors.AsType[*huma.ErrorDetail](err)
		if !ok {
			continue
		}
		if strings.HasPrefix(detail.Message, "required header") {
			if m, ok := needed[detail.Location]; ok {
				return nil, m
			}
		}
		code, sentence := sort(detail.Message)
		faults = append(faults, problem.Fault{Location: location(detail.Location), Code: code, Message: sentence.in(ctx)})
	}
	return faults, nil
}

// named are the parts of a location that our own schemas name; whatever else
// stands there came from the caller.
var named = regexp.MustCompile(`^[a-zA-Z_-]{1,40}(\[[0-9]{1,4}\])*$`)

// location gives the place of a fault as far as it is ours to name.
func location(at string) string {
	parts := strings.Split(at, ".")
	for i, p := range parts {
		if !named.MatchString(p) {
			return strings.Join(append(parts[:i:i], "?"), ".")
		}
	}
	return at
}

type sentence struct{ id, en string }

func (s sentence) in(ctx context.Context) string {
	if caller.LanguageOf(ctx) == caller.English {
		return s.en
	}
	return s.id
}

// sorted are the beginnings of huma's sentences and what we say instead.
var sorted = []struct {
	prefix, code string
	sentence
}{
	{"unexpected property", "property-unknown", sentence{"Nama ini tidak dikenal di sini.", "This name is not known here."}},
	{"expected required property", "property-missing", sentence{"Ada bagian wajib yang belum diisi.", "A required part is missing."}},
	{"required", "parameter-missing", sentence{"Bagian ini wajib diisi.", "This is required."}},
	{"expected value to be one of", "value-not-listed", sentence{"Nilai ini tidak ada dalam daftar pilihan.", "The value is not one of those listed."}},
	{"expected length", "length", sentence{"Panjang teks di luar batas.", "The text is too short or too long."}},
	{"expected array length", "count", sentence{"Jumlah isi di luar batas.", "Too few or too many items."}},
	{"expected array items", "repeated", sentence{"Ada isi yang ganda.", "An item stands there twice."}},
	{"expected number ", "range", sentence{"Angka di luar batas.", "The number is out of range."}},
	{"expected integer", "not-an-integer", sentence{"Harus bilangan bulat.", "A whole number is expected."}},
	{"expected number", "not-a-number", sentence{"Harus angka.", "A number is expected."}},
	{"invalid integer", "not-an-integer", sentence{"Harus bilangan bulat.", "A whole number is expected."}},
	{"expected boolean", "not-a-boolean", sentence{"Harus true atau false.", "True or false is expected."}},
	{"invalid boolean", "not-a-boolean", sentence{"Harus true atau false.", "True or false is expected."}},
	{"expected string to be", "format", sentence{"Bentuk teks belum benar.", "The text does not have the right form."}},
	{"expected string", "not-a-string", sentence{"Harus teks.", "A text is expected."}},
	{"expected array", "not-an-array", sentence{"Harus daftar.", "A list is expected."}},
	{"expected object", "not-an-object", sentence{"Harus objek.", "An object is expected."}},
	{"jsontext:", "json-malformed", sentence{"Bukan JSON yang ketat.", "This is not strict JSON."}},
	{"json:", "json-malformed", sentence{"Bukan JSON yang cocok.", "This JSON does not fit."}},
	{"a string holds", "json-malformed", sentence{"Teks memuat \\u0000.", "A text holds \\u0000."}},
	{"more than", "json-malformed", sentence{"Terlalu banyak tingkat.", "Too many levels."}},
	{"unknown content type", "media-type-unknown", sentence{"Kirim sebagai application/json.", "Send application/json."}},
}

func sort(message string) (string, sentence) {
	for _, s := range sorted {
		if strings.HasPrefix(message, s.prefix) {
			return s.code, s.sentence
		}
	}
	return "invalid", sentence{"Nilai ini belum benar.", "This value is not right."}
}
