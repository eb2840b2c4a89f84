package vault

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// nameTTL is how long a name stays in memory. Pages ask for the same names again
// and again; a name destroyed by another process is gone after this time.
const nameTTL = 30 * time.Second

// Name is what pages show of a person. Gone: the identity was destroyed by the
// retention schedule.
type Name struct {
	Full string
	NIP  string
	Gone bool
}

const readNames = `
	select k.subject, k.wrapped, i.ciphertext
	from vault.person_key k left join vault.identity i using (subject)
	where k.class = '` + Identity + `'`

// Names gives the names of up to MaxPeople persons. Whoever was never identified
// is left out.
func (v *Vault) Names(ctx context.Context, people []domain.PersonID) (map[domain.PersonID]Name, error) {
	if len(people) > MaxPeople {
		return nil, domain.Bad("", "too-many-people", "at most %d names can be read at once", MaxPeople)
	}
	names, missing, epoch := v.names.known(people)
	if len(missing) == 0 {
		return names, nil
	}
	read, err := v.readNames(ctx, epoch, readNames+` and k.subject = any($1)`, missing)
	maps.Copy(names, read)
	return names, err
}

// AllNames gives the name of everybody whose identity is not gone, for search.
// More than MaxPeople is an error.
func (v *Vault) AllNames(ctx context.Context) (map[domain.PersonID]Name, error) {
	names, epoch, fresh := v.names.everybody()
	if fresh {
		return names, nil
	}
	names, err := v.readNames(ctx, epoch, readNames+` and k.wrapped is not null limit $1`, MaxPeople+1)
	if err != nil {
		return nil, err
	}
	if len(names) > MaxPeople {
		return nil, fmt.Errorf("read all names: there are more than %d people", MaxPeople)
	}
	v.names.keepAll(names, epoch)
	return maps.Clone(names), nil
}

func (v *Vault) readNames(ctx context.Context, epoch uint64, sql string, args ...any) (map[domain.PersonID]Name, error) {
	kek, _ := v.keys.present()
	rows, err := v.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", unreachable(err))
	}
	names := map[domain.PersonID]Name{}
	var faults []error
	var person domain.PersonID
	var wrapped, envelope []byte
	_, err = pgx.ForEachRow(rows, []any{&person, &wrapped, &envelope}, func() error {
		switch {
		case wrapped == nil:
			names[person] = Name{Gone: true}
		case envelope != nil: // else the key is made and the identity about to come
			who, err := readIdentity(kek, person, wrapped, envelope)
			if err != nil {
				faults = append(faults, err)
				return nil
			}
			names[person] = Name{Full: who.Name, NIP: who.NIP}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read names: %w", unreachable(err))
	}
	v.names.keep(names, epoch)
	return names, errors.Join(faults...)
}

// names keeps names in memory for a while.
type names struct {
	clock clock.Clock

	mu  sync.Mutex
	of  map[domain.PersonID]keptName
	all map[domain.PersonID]Name // everybody, until allUntil
	// epoch counts what was forgotten: what was read before must not be kept after.
	epoch    uint64
	allUntil time.Time
}

type keptName struct {
	Name
	until time.Time
}

func newNames(now clock.Clock) *names {
	return &names{clock: now, of: map[domain.PersonID]keptName{}}
}

func (n *names) known(people []domain.PersonID) (known map[domain.PersonID]Name, missing []domain.PersonID, epoch uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	known, now := make(map[domain.PersonID]Name, len(people)), n.clock()
	for _, p := range people {
		if k, ok := n.of[p]; ok && now.Before(k.until) {
			known[p] = k.Name
		} else {
			missing = append(missing, p)
		}
	}
	return known, missing, n.epoch
}

func (n *names) everybody() (all map[domain.PersonID]Name, epoch uint64, fresh bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.all == nil || !n.clock().Before(n.allUntil) {
		return nil, n.epoch, false
	}
	return maps.Clone(n.all), n.epoch, true
}

func (n *names) keep(read map[domain.PersonID]Name, epoch uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.epoch != epoch {
		return
	}
	if len(n.of)+len(read) > MaxPeople {
		clear(n.of)
	}
	until := n.clock().Add(nameTTL)
	for p, name := range read {
		n.of[p] = keptName{name, until}
	}
}

func (n *names) keepAll(all map[domain.PersonID]Name, epoch uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.epoch == epoch {
		n.all, n.allUntil = all, n.clock().Add(nameTTL)
	}
}

func (n *names) forget(person domain.PersonID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.epoch++
	n.all = nil
	delete(n.of, person)
}
