package node

import (
	"context"
	"strings"

	"github.com/jejak-kinerja/jejak/internal/lenientjson"
)

// right is what somebody wants to do with a stream, by its name in "$acl".
type right string

const (
	rightRead      right = "$r"
	rightWrite     right = "$w"
	rightDelete    right = "$d"
	rightMetaRead  right = "$mr"
	rightMetaWrite right = "$mw"
)

// accessList holds, by right, the roles that have it. What is left out is decided
// by the default lists.
type accessList map[right][]string

// readAccessList takes what can be read of a list: a right whose roles cannot be
// read is the administrators' alone. whole is false where EventStoreDB would not
// take the list at all.
func readAccessList(value any) (list accessList, whole bool) {
	fields, whole := value.(map[string]any)
	list = accessList{}
	for name, given := range fields {
		switch want := right(name); want {
		case rightRead, rightWrite, rightDelete, rightMetaRead, rightMetaWrite:
			roles, readable := readRoles(given)
			if given != nil {
				list[want] = roles
			}
			whole = whole && readable
		default:
			whole = false
		}
	}
	return list, whole
}

// readRoles reads a role or a list of them; none when one is no text.
func readRoles(given any) (roles []string, whole bool) {
	if one, ok := given.(string); ok {
		return []string{one}, true
	}
	several, whole := given.([]any)
	for _, v := range several {
		role, ok := v.(string)
		switch {
		case ok:
			roles = append(roles, role)
		case v == nil:
			whole = false
		default:
			return nil, false
		}
	}
	return roles, whole
}

// listOf is the list in a stream's metadata, nil without a readable one.
func listOf(metadata []byte) accessList {
	body, err := lenientjson.Read(metadata)
	fields, ok := body.(map[string]any)
	if err != nil || !ok {
		return nil
	}
	list, _ := readAccessList(fields["$acl"])
	return list
}

// defaultLists are those of "$settings", for streams whose own list leaves a right out.
type defaultLists struct {
	user, system accessList
}

// readDefaultLists reads an event of "$settings". When any of it cannot be read,
// all of it falls back to what is built in.
func readDefaultLists(settings []byte) defaultLists {
	body, err := lenientjson.Read(settings)
	fields, _ := body.(map[string]any)
	if err != nil {
		return defaultLists{}
	}
	var lists defaultLists
	for name, list := range map[string]*accessList{"$userStreamAcl": &lists.user, "$systemStreamAcl": &lists.system} {
		given, there := fields[name]
		if !there {
			continue
		}
		read, whole := readAccessList(given)
		if !whole {
			return defaultLists{}
		}
		*list = read
	}
	return lists
}

// streamOfScavenges has a list of its own, which no default changes.
const streamOfScavenges = "$scavenges"

// roles lists who has the right to a stream with the given list: as the list says,
// else as "$settings" says, else anybody, but for system streams administrators.
func (d defaultLists) roles(own accessList, want right, stream string) []string {
	if own == nil && stream == streamOfScavenges {
		own = accessList{rightRead: {groupOps}, rightWrite: nil, rightDelete: nil, rightMetaRead: nil, rightMetaWrite: nil}
	}
	if roles, there := own[want]; there {
		return roles
	}
	standard, builtIn := d.user, []string{Everybody}
	if isSystemStream(stream) {
		standard, builtIn = d.system, []string{groupAdmins}
	}
	if roles, there := standard[want]; there {
		return roles
	}
	return builtIn
}

func isSystemStream(name string) bool { return strings.HasPrefix(name, "$") }

// ruledBy tells which stream's list decides, and on which right of it: that to a
// metadata stream is one of the stream it describes.
func ruledBy(want right, stream string) (right, string) {
	if !isMetastream(stream) {
		return want, stream
	}
	if want == rightRead {
		return rightMetaRead, describedBy(stream)
	}
	return rightMetaWrite, describedBy(stream)
}

// may refuses a caller without the right. On a node without TLS everybody may do
// everything but what the ledger forbids (see mayChange).
func (n *Node) may(ctx context.Context, want right, stream string) error {
	return n.allows(ctx, want, stream, n.rights.of)
}

// mayNow is may for reads: on a replica another node may have changed the rights a
// moment ago, so the database is asked.
func (n *Node) mayNow(ctx context.Context, want right, stream string) error {
	if n.watcher != nil {
		return n.allows(ctx, want, stream, n.rights.load)
	}
	return n.may(ctx, want, stream)
}

func (n *Node) allows(ctx context.Context, want right, stream string,
	listsOf func(context.Context, string) (accessList, defaultLists, error),
) error {
	c := callerOf(ctx)
	if n.gate.open || c.administrates() {
		return nil
	}
	want, stream = ruledBy(want, stream)
	own, standard, err := listsOf(ctx, stream)
	if err != nil {
		return unavailable("reading an access list", err)
	}
	if !c.is(standard.roles(own, want, stream)...) {
		return accessDenied()
	}
	return nil
}

// mayOperate refuses who may not manage persistent subscriptions.
func (n *Node) mayOperate(ctx context.Context) error {
	if n.gate.open || callerOf(ctx).is(groupAdmins, groupOps) {
		return nil
	}
	return accessDenied()
}

// mustBeNamed refuses callers without a name, whatever is open to them.
func (n *Node) mustBeNamed(ctx context.Context) error {
	if n.gate.open || callerOf(ctx).name != "" {
		return nil
	}
	return accessDenied()
}
