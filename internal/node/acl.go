package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
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

// may refuses a caller without the right. On a node without TLS everybody may do
// everything. The right to a metadata stream is one of the stream it describes.
func (n *Node) may(ctx context.Context, want right, stream string) error {
	if n.gate == nil {
		return nil
	}
	c, _ := ctx.Value(callerKey{}).(caller)
	if c.is([]string{groupAdmins}) {
		return nil
	}
	if isMetastream(stream) {
		stream = describedBy(stream)
		switch want {
		case rightRead:
			want = rightMetaRead
		case rightWrite, rightDelete:
			want = rightMetaWrite
		}
	}
	body, err := n.reader.metadata(ctx, stream)
	if err != nil {
		return unavailable("reading an access list", err)
	}
	if c.is(allowed(body, want, stream)) {
		return nil
	}
	return denied("access to stream %q is denied", stream)
}

// mayOperate refuses who may not manage persistent subscriptions.
func (n *Node) mayOperate(ctx context.Context) error {
	if n.gate == nil {
		return nil
	}
	if c, _ := ctx.Value(callerKey{}).(caller); c.is([]string{groupAdmins, groupOps}) {
		return nil
	}
	return denied("only %s and %s manage persistent subscriptions", groupAdmins, groupOps)
}

// allowed lists the roles that have the right: those of the stream's own list, or
// the default, by which streams of users are open and those of the system are not.
func allowed(metadata []byte, want right, stream string) []string {
	standard := []string{"$all"}
	if strings.HasPrefix(stream, "$") {
		standard = []string{groupAdmins}
	}
	fields := map[string]json.RawMessage{} // a struct would take "$ACL" for "$acl"
	if json.Unmarshal(metadata, &fields) != nil {
		return standard
	}
	var named string
	if json.Unmarshal(fields["$acl"], &named) == nil { // a default by its name
		switch named {
		case "$userStreamAcl":
			return []string{"$all"}
		case "$systemStreamAcl":
			return []string{groupAdmins}
		}
		return standard
	}
	list := map[string]json.RawMessage{}
	if json.Unmarshal(fields["$acl"], &list) != nil {
		return standard
	}
	given, there := list[string(want)]
	if !there || string(given) == "null" {
		return standard
	}
	var one string
	if json.Unmarshal(given, &one) == nil {
		return []string{one}
	}
	var several []string
	if json.Unmarshal(given, &several) == nil {
		return several
	}
	return []string{groupAdmins} // a list that cannot be read opens nothing
}

const selectMetadata = `select raw_meta from eventstore.streams where name = $1`

// metadata is the newest metadata of a stream, nil without any.
func (r *reader) metadata(ctx context.Context, stream string) (body []byte, err error) {
	err = r.pool.QueryRow(ctx, selectMetadata, stream).Scan(&body)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the metadata of a stream: %w", err)
	}
	return body, nil
}
