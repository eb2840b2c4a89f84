package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
)

const doPrepare = "jejak eventstore prepare, then log in as the user that it makes (docs/runbook.md, Lock the cluster)"

// locks looks at the event store as its administrator would: its nodes, as whom we
// are logged in, what that name may do, and who else may write. Nothing is stored.
func (d *doctor) locks(ctx context.Context) {
	s := &storage{eventstoreURL: d.config.EventstoreURL}
	if s.eventstoreURL == "" && !s.joinNode(d.config) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	store, err := eventlog.OpenAdmin(ctx, s.logOptions(nil, slog.New(slog.DiscardHandler)), "", "")
	if err != nil {
		if domain.KindOf(err) == domain.Unavailable {
			d.say("login", warns, "first mend what stands under eventstore", "not known: the event store cannot be asked")
			return
		}
		d.say("login", fails, "see whether the name and the password in the address are right", "%v", err)
		return
	}
	defer store.Close() //nolint:errcheck // nothing was written
	foreign := d.config.EventstoreURL != ""
	if foreign {
		d.nodes(ctx, store)
	}
	may, err := store.Try(ctx)
	if err != nil {
		d.say("login", warns, "see the log of the event store", "%v", err)
		return
	}
	d.login(store.Name(), tries(may))
	if foreign && may.ReadAll {
		d.others(ctx, store)
	}
}

// nodes tells how many there are and whether all are well.
func (d *doctor) nodes(ctx context.Context, store *eventlog.Admin) {
	version, err := store.Version(ctx)
	if err != nil {
		version = fmt.Sprintf("unknown (%v)", err)
	}
	const restart = "let its supervisor start a node again always, also when it ended with exit code 0: a node that was replaced as leader ends itself to come back"
	nodes := store.Nodes()
	var away, leads []string
	for _, n := range nodes {
		if !n.Alive {
			away = append(away, n.Address)
		}
		if n.State == "Leader" {
			leads = append(leads, n.Address)
		}
	}
	switch {
	case len(away) > 0:
		d.say("cluster", warns, restart, "version %s; of %d nodes these are away: %s", version, len(nodes), strings.Join(away, ", "))
	case len(nodes) > 1 && len(nodes)%2 == 0:
		d.say("cluster", warns, "add a node: an even number survives no more than one less", "version %s; %d nodes, %s leads", version, len(nodes), strings.Join(leads, ", "))
	case len(nodes) > 1:
		d.say("cluster", fine, "", "version %s; %d nodes, %s leads; %s", version, len(nodes), strings.Join(leads, ", "), restart)
	default:
		d.say("cluster", fine, "", "version %s; one node: while it is away nothing can be written; %s", version, restart)
	}
}

// login tells as whom we are logged in, and what that name may do.
func (d *doctor) login(name string, may tries) {
	who := name
	if who == "" {
		who = "nobody (the address has no name)"
	}
	lacks, needless := may.lacks(), may.needless()
	switch {
	case len(lacks) > 0:
		d.say("login", fails, doPrepare, "%s may not %s", who, strings.Join(lacks, " nor "))
	case len(needless) > 0:
		d.say("login", warns, doPrepare, "%s may %s in streams of the ledger; the product never does", who, strings.Join(needless, ", "))
	default:
		d.say("login", fine, "", "%s: reads the log and appends, and may neither delete nor hide", who)
	}
}

// others tells who else may write to the ledger, as the log says.
func (d *doctor) others(ctx context.Context, store *eventlog.Admin) {
	asking, cancel := context.WithTimeout(ctx, askLimit/5)
	defer cancel()
	if _, _, err := store.User(asking, store.Name()); errors.Is(err, eventlog.ErrNoUsers) {
		d.say("locks", fine, "", "Jejak's own node: it says itself who writes the ledger, and lets nobody delete or hide")
		return
	}
	rights, err := store.Rights(ctx)
	switch others := strangers(rights.Default, store.Name()); {
	case err != nil:
		d.say("locks", warns, "look at $settings as an administrator", "%v", err)
	case !rights.Set:
		d.say("locks", warns, doPrepare, "$settings says nothing of the ledger's streams: everybody with a password may append to them, delete and hide")
	case len(others) > 0:
		d.say("locks", warns, doPrepare, "these may do what only the product should, or nobody: %s", strings.Join(others, ", "))
	case len(rights.Own) > 0:
		d.say("locks", warns, "look at their metadata as an administrator, and find out who set it", "%d streams have rights of their own: %s", len(rights.Own), strings.Join(rights.Own[:min(3, len(rights.Own))], ", "))
	default:
		d.say("locks", fine, "", "only %s appends to the ledger; nobody but the administrators deletes or hides", store.Name())
	}
}

// strangers are the names that may do more than they should. A right that is not set
// is everybody's.
func strangers(r eventlog.Rights, product string) (list []string) {
	for _, right := range []struct {
		names   eventlog.Names
		product bool // the product needs it
		what    string
	}{{r.Write, true, "appends"}, {r.Delete, false, "deletes"}, {r.WriteMetadata, false, "hides"}} {
		names := right.names
		if names == nil {
			names = eventlog.Names{"everybody with a password"}
		}
		for _, name := range names {
			if name != "$admins" && !(right.product && name == product) {
				list = append(list, name+" "+right.what)
			}
		}
	}
	slices.Sort(list)
	return list
}
