package node

import (
	"context"
	"slices"
	"strings"
)

// Everybody is the role that every caller with a name has, and callers without one
// where they are let in (Options.AllowAnonymous).
const Everybody = "$all"

// mayChange refuses a change of the log that the ledger forbids, whatever access
// lists say: its streams are written by its writers alone, and nobody hides
// anything in them.
func (n *Node) mayChange(ctx context.Context, act action, stream string) error {
	described := describedBy(stream)
	switch {
	case isMetastream(stream) && n.opts.Ledger(described):
		return denied("stream %q is part of the ledger: its metadata cannot be set, nothing in it may be hidden", described)
	case n.opts.Ledger(stream) && act != actAppend:
		return denied("stream %q is part of the ledger: it cannot be deleted", stream)
	case n.opts.Ledger(stream) && !n.writesLedger(ctx):
		return denied("stream %q is part of the ledger: only the product writes to it", stream)
	case n.gate.open && rulesOthers(stream) && !n.writesLedger(ctx):
		return denied("stream %q decides who may do what: beside a ledger it is written over TLS, or by the product", stream)
	}
	return nil
}

// writesLedger tells whether the caller may append to ledger streams: it came
// through a unix socket, or is one of the named writers.
func (n *Node) writesLedger(ctx context.Context) bool {
	c := callerOf(ctx)
	return c.house || slices.Contains(n.opts.LedgerWriters, Everybody) || c.name != "" && slices.Contains(n.opts.LedgerWriters, c.name)
}

// rulesOthers tells whether a stream decides about users, rights or subscriptions
// beyond itself: what somebody without a name wrote there would be in force once TLS
// is, or keep the persistent subscriptions from starting.
func rulesOthers(stream string) bool {
	return stream == streamOfSettings || strings.HasPrefix(stream, "$user") || isGroupStream(stream) ||
		isMetastream(stream) && isSystemStream(describedBy(stream))
}
