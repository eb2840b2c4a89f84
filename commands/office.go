package commands

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// Sealer keeps personal texts and files under the key of the person they are
// about. What Seal has answered is durable; sealing before the append means that
// a stored fact never points to nothing (a text without a fact is harmless).
type Sealer interface {
	// Seal keeps one text about subject and gives the digest that binds it. An
	// empty text gives the empty digest.
	Seal(ctx context.Context, subject domain.PersonID, field, text string) (domain.Sealed, error)
	// SealFile keeps one file about subject.
	SealFile(ctx context.Context, subject domain.PersonID, mediaType string, content []byte) (domain.Evidence, error)
	// Identify keeps or replaces who a person is.
	Identify(ctx context.Context, person domain.PersonID, identity Identity) error
	// FindByNIP gives the person of an 18-digit NIP, and false when none has it.
	FindByNIP(ctx context.Context, nip string) (domain.PersonID, bool, error)
}

// KeyDestroyer destroys the key of one record class of a person, and with it
// every text and name under it, for good. Destroying again changes nothing.
type KeyDestroyer interface {
	Destroy(ctx context.Context, person domain.PersonID, class string) error
}

// Identity is who a person is; it lives in the vault and in no event.
type Identity struct {
	Name string
	// NIP is the civil servant's number: 18 digits, kept as text.
	NIP string
	// Email and Phone may be empty.
	Email string
	Phone string
}

// Office carries out the orders of people.
type Office struct {
	Store Store
	Vault Sealer
	// Keys destroys keys; needed by DestroyKey only.
	Keys  KeyDestroyer
	Clock clock.Clock
	// Zone is the office's time zone: it decides which day an instant belongs to.
	Zone *time.Location
	// Salt makes the random part of an event's metadata, 16 bytes in base64url.
	Salt func() string
	// Secret keys the digest that binds a request's content: without it, whoever
	// reads the log could test guesses of a short text or a NIP against the digest,
	// even after the text's own key was destroyed. 32 random bytes of this
	// installation; when they are lost, a repeat from before is no longer recognised
	// as equal. May be empty in tests.
	Secret []byte
	// Bootstrap lets the operator at the machine, who is nobody in the ledger, write
	// master data (units, people, policies, indicators) through import and demo: an
	// empty ledger has nobody with a role. Set by commands of the binary, never by
	// the edge.
	Bootstrap bool
}

// Ask is who asks, through which door, and under which key.
type Ask struct {
	// Key is the Idempotency-Key: the same key with the same content is answered once.
	Key        domain.CommandID
	Actor      domain.PersonID
	Capacity   domain.Capacity
	OnBehalfOf domain.PersonID
	Source     domain.Source
	// IfMatch is the revision the asker saw; nil when it does not matter.
	IfMatch     *int64
	Correlation string
	Causation   string
	// EffectiveAt is when it happened, as the asker says; zero means now.
	EffectiveAt time.Time
}

// space is the name space of ids derived from commands (UUID version 5).
var space = uuid.MustParse("6a656a61-6b00-5000-8000-6b696e65726a")

// NewID derives the id of a thing that a command creates, so that a repeat of
// the command finds the same stream.
func (a Ask) NewID(kind string) string {
	return uuid.NewSHA1(space, []byte(kind+"\x00"+string(a.Actor)+"\x00"+string(a.Key))).String()
}

// request builds the envelope. Content is everything the asker sent, in a fixed
// order; it is bound by its digest only.
func (o *Office) request(a Ask, authority string, reason domain.Sealed, content ...string) Request {
	now := o.Clock()
	effective := a.EffectiveAt
	if effective.IsZero() {
		effective = now
	}
	capacity := a.Capacity
	if capacity == "" {
		capacity = domain.Definitive
	}
	return Request{
		Meta: domain.Meta{
			Command: a.Key, Request: o.digest(a, content), Actor: a.Actor, Capacity: capacity, OnBehalfOf: a.OnBehalfOf,
			Authority: authority, Reason: reason, Source: a.Source, Correlation: a.Correlation, Causation: a.Causation,
			RecordedAt: now, EffectiveAt: effective.UTC().Truncate(time.Microsecond), Salt: o.Salt(),
		},
		IfMatch: a.IfMatch,
		NewEventID: func(stream string, n int) domain.EventID {
			seed := stream + "\x00" + string(a.Actor) + "\x00" + string(a.Key) + "\x00" + strconv.Itoa(n)
			return domain.EventID(uuid.NewSHA1(space, []byte(seed)).String())
		},
	}
}

// digest binds the content of a request. The key salts it: keys are random.
func (o *Office) digest(a Ask, content []string) string {
	h := hmac.New(sha256.New, o.Secret)
	h.Write([]byte(a.Key))
	for _, c := range content {
		h.Write([]byte{0})
		h.Write([]byte(c))
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// since says that what is asked holds from the start of a day, unless the asker
// said otherwise.
func (o *Office) since(a Ask, day domain.Date) Ask {
	if a.EffectiveAt.IsZero() && day.Time() != (time.Time{}) {
		y, m, d := day.Time().Date()
		a.EffectiveAt = time.Date(y, m, d, 0, 0, 0, 0, o.Zone)
	}
	return a
}

// spell writes a command for the digest; commands are plain structs of values.
func spell(command any) (string, error) {
	text, err := json.Marshal(command)
	if err != nil {
		return "", fmt.Errorf("spell %T: %w", command, err)
	}
	return string(text), nil
}
