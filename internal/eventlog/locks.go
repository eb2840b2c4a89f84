package eventlog

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jejak-kinerja/jejak/internal/lenientjson"
)

// Streams and event types in which an event store keeps rights.
const (
	// SettingsStream holds the default rights of every stream.
	SettingsStream = "$settings"
	settingsType   = "update-default-acl"
	// AllMetadataStream holds the rights on the whole log.
	AllMetadataStream = "$$$all"
	metadataType      = "$metadata"

	admins  = "$admins"
	userACL = "$userStreamAcl"
	allACL  = "$acl"
)

// Lock is one place in which rights are kept, as it is and as it must be so that
// nobody but the event store's administrators can change or hide what was recorded.
type Lock struct {
	Stream string
	Now    json.RawMessage // what is there; nil for nothing
	Want   json.RawMessage // what must be there
	// Same: nothing must change.
	Same bool
	// Foreign: somebody else has set other rights, or what is there cannot be read;
	// Want would overwrite it.
	Foreign bool

	kind  string
	after int64
}

// Rights is a list of rights: who may read, write, delete, and read and write the
// metadata. A right that is not set is nil: the built-in one counts.
type Rights struct {
	Read          Names `json:"$r"`
	Write         Names `json:"$w"`
	Delete        Names `json:"$d"`
	ReadMetadata  Names `json:"$mr"`
	WriteMetadata Names `json:"$mw"`
}

// Names of users and groups; in the event store one name or a list of them.
type Names []string

// UnmarshalJSON reads both.
func (n *Names) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*n = Names{one}
		return nil
	}
	var list []string
	if err := json.Unmarshal(text, &list); err != nil || list == nil {
		return fmt.Errorf("%s is neither a name nor a list of names", text)
	}
	*n = list
	return nil
}

// same compares without regard to order.
func (n Names) same(o Names) bool {
	return (n == nil) == (o == nil) && slices.Equal(slices.Sorted(slices.Values(n)), slices.Sorted(slices.Values(o)))
}

func (r Rights) same(o Rights) bool {
	return r.Read.same(o.Read) && r.Write.same(o.Write) && r.Delete.same(o.Delete) &&
		r.ReadMetadata.same(o.ReadMetadata) && r.WriteMetadata.same(o.WriteMetadata)
}

// nobody leaves a right to the administrators, who have every right anyway.
var nobody = Names{}

// ledgerRights are those of every stream that is not the event store's own.
func ledgerRights(user string) Rights {
	return Rights{Read: Names{user, admins}, Write: Names{user}, Delete: nobody, ReadMetadata: Names{user, admins}, WriteMetadata: nobody}
}

// lockSettings gives the lock of the default rights. What else is set there stays.
func lockSettings(user string, after int64, now []byte) (Lock, error) {
	l := Lock{Stream: SettingsStream, kind: settingsType, after: after, Now: now}
	settings, readable := object(now)
	l.Foreign = !readable
	if there, set := settings[userACL]; set {
		var have Rights
		l.Same = json.Unmarshal(there, &have) == nil && have.same(ledgerRights(user))
		l.Foreign = !l.Same
	}
	return l, l.want(settings, userACL, ledgerRights(user))
}

// lockAll gives the lock of the whole log: the user is added to those who may read
// it, and whoever else may read it stays.
func lockAll(user string, after int64, now []byte) (Lock, error) {
	l := Lock{Stream: AllMetadataStream, kind: metadataType, after: after, Now: now}
	metadata, readable := object(now)
	l.Foreign = !readable
	rights := map[string]json.RawMessage{}
	if there, set := metadata[allACL]; set {
		rights, readable = object(there)
		l.Foreign = l.Foreign || !readable
	}
	var readers Names
	if there, set := rights["$r"]; set {
		l.Foreign = json.Unmarshal(there, &readers) != nil || l.Foreign
	}
	l.Same = !l.Foreign && slices.Contains(readers, user) && slices.Contains(readers, admins)
	for _, name := range []string{admins, user} {
		if !slices.Contains(readers, name) {
			readers = append(readers, name)
		}
	}
	text, err := json.Marshal(readers)
	if err != nil {
		return l, err
	}
	rights["$r"] = text
	return l, l.want(metadata, allACL, rights)
}

// want sets what must be there: one key anew, the others as they are.
func (l *Lock) want(document map[string]json.RawMessage, key string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	document[key] = text
	l.Want, err = json.Marshal(document)
	return err
}

// object reads a JSON object as the store reads it; nothing is an empty one. What
// cannot be read is one as well, and said.
func object(text []byte) (o map[string]json.RawMessage, readable bool) {
	if len(text) == 0 {
		return map[string]json.RawMessage{}, true
	}
	read, err := lenientjson.Read(text)
	if err == nil {
		text, err = json.Marshal(lenientjson.Standard(read))
	}
	if err != nil || json.Unmarshal(text, &o) != nil || o == nil {
		return map[string]json.RawMessage{}, false
	}
	return o, true
}

// Locks looks at the rights of the ledger's streams and of the whole log, for the
// user as whom the product logs in.
func (a *Admin) Locks(ctx context.Context, user string) ([]Lock, error) {
	var locks []Lock
	for _, kept := range []struct {
		stream string
		lock   func(user string, after int64, now []byte) (Lock, error)
	}{{SettingsStream, lockSettings}, {AllMetadataStream, lockAll}} {
		after, now, err := a.Last(ctx, kept.stream)
		if err != nil {
			return nil, err
		}
		l, err := kept.lock(user, after, now)
		if err != nil {
			return nil, fmt.Errorf("make the rights of %s: %w", kept.stream, err)
		}
		locks = append(locks, l)
	}
	return locks, nil
}

// SetLock stores what must be there. ErrChanged when it is no longer as it was seen.
func (a *Admin) SetLock(ctx context.Context, l Lock) error {
	return a.Put(ctx, l.Stream, l.kind, l.Want, l.after)
}
