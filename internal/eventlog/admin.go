package eventlog

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// What a server may answer to an administrator.
var (
	// ErrWrongPassword: the server knows no such name with this password.
	ErrWrongPassword = errors.New("the event store does not know this name with this password")
	// ErrDenied: the name may not do this.
	ErrDenied = errors.New("the event store denies it")
	// ErrNoUsers: the server has no service of users.
	ErrNoUsers = errors.New("this event store keeps no users: it is Jejak's own node, whose users stand in its users file")
	// ErrChanged: somebody else wrote meanwhile.
	ErrChanged = errors.New("somebody else changed it at the same time: run this again")
)

// Admin is a connection to the node that leads, for what is not the ledger: users,
// lists of rights, and what the server says of itself. Safe for concurrent use.
type Admin struct {
	conn *direct
	name string
}

// OpenAdmin connects. name and password replace those of the address unless they
// are empty.
func OpenAdmin(ctx context.Context, o Options, name, password string) (*Admin, error) {
	config, err := o.configuration()
	if err != nil {
		return nil, err
	}
	if name != "" {
		config.Username = name
	}
	if password != "" {
		config.Password = password
	}
	a := &Admin{name: config.Username}
	if a.conn, err = dialLeader(ctx, config); err != nil {
		return nil, a.refusal("reach the event store", err)
	}
	return a, nil
}

// Close ends the connection.
func (a *Admin) Close() error { return a.conn.Close() }

// Name is who is logged in; "" for nobody.
func (a *Admin) Name() string { return a.name }

// Node is one of the event store's nodes, as the leader sees it.
type Node struct {
	Address string // host:port
	State   string // Leader, Follower, …
	Alive   bool
}

// Nodes are those of the cluster.
func (a *Admin) Nodes() (nodes []Node) {
	for _, m := range a.conn.members {
		at := m.GetHttpEndPoint()
		nodes = append(nodes, Node{fmt.Sprintf("%s:%d", at.GetAddress(), at.GetPort()), gossip.MemberInfo_VNodeState_name[int32(m.GetState())], m.GetIsAlive()})
	}
	return nodes
}

// Version is what the server calls its version.
func (a *Admin) Version(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, DefaultCallTimeout)
	defer cancel()
	features, err := serverfeatures.NewServerFeaturesClient(a.conn).GetSupportedMethods(ctx, &shared.Empty{})
	return features.GetEventStoreServerVersion(), a.refusal("ask for the version", err)
}

// Last gives the last event of a stream: its revision, -1 when there is none, and
// its data.
func (a *Admin) Last(ctx context.Context, stream string) (revision int64, data []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, DefaultCallTimeout)
	defer cancel()
	revision = -1
	err = a.backwards(ctx, &api.ReadReq_Options{
		StreamOption: &api.ReadReq_Options_Stream{Stream: &api.ReadReq_Options_StreamOptions{
			StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)},
			RevisionOption:   &api.ReadReq_Options_StreamOptions_End{End: &shared.Empty{}}}},
		FilterOption: &api.ReadReq_Options_NoFilter{NoFilter: &shared.Empty{}},
	}, 1, func(e *api.ReadResp_ReadEvent_RecordedEvent) {
		revision, data = int64(e.GetStreamRevision()), e.GetData()
	})
	return revision, data, a.refusal("read "+stream, err)
}

// endOfLog is where a read of the whole log backwards begins.
func endOfLog() *api.ReadReq_Options_All {
	return &api.ReadReq_Options_All{All: &api.ReadReq_Options_AllOptions{AllOption: &api.ReadReq_Options_AllOptions_End{End: &shared.Empty{}}}}
}

// backwards gives the newest events of what the options name, newest first, at most
// count.
func (a *Admin) backwards(ctx context.Context, options *api.ReadReq_Options, count uint64, use func(*api.ReadResp_ReadEvent_RecordedEvent)) error {
	options.ReadDirection, options.UuidOption = api.ReadReq_Options_Backwards, textIDs()
	options.CountOption = &api.ReadReq_Options_Count{Count: count}
	call, err := api.NewStreamsClient(a.conn).Read(ctx, &api.ReadReq{Options: options})
	for err == nil {
		var answer *api.ReadResp
		if answer, err = call.Recv(); err == nil {
			if e := answer.GetEvent().GetEvent(); e != nil {
				use(e)
			}
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func textIDs() *api.ReadReq_Options_UUIDOption {
	return &api.ReadReq_Options_UUIDOption{Content: &api.ReadReq_Options_UUIDOption_String_{String_: &shared.Empty{}}}
}

// Put stores a document as the next event of a stream, after a revision.
func (a *Admin) Put(ctx context.Context, stream, kind string, document []byte, after int64) error {
	options := &api.AppendReq_Options{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)},
		ExpectedStreamRevision: &api.AppendReq_Options_NoStream{NoStream: &shared.Empty{}}}
	if after >= 0 {
		options.ExpectedStreamRevision = &api.AppendReq_Options_Revision{Revision: uint64(after)}
	}
	stored, err := a.append(ctx, options, &api.AppendReq_ProposedMessage{Id: textID(uuid.NewString()), Data: document,
		Metadata: map[string]string{"type": kind, "content-type": "application/json"}})
	if err == nil && !stored {
		return fmt.Errorf("write %s: %w", stream, ErrChanged)
	}
	return a.refusal("write "+stream, err)
}

// append is one append of one event; not stored when the revision is another.
func (a *Admin) append(ctx context.Context, options *api.AppendReq_Options, event *api.AppendReq_ProposedMessage) (stored bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, DefaultCallTimeout)
	defer cancel()
	call, err := api.NewStreamsClient(a.conn).Append(ctx)
	if err != nil {
		return false, err
	}
	for _, part := range []*api.AppendReq{{Content: &api.AppendReq_Options_{Options: options}}, {Content: &api.AppendReq_ProposedMessage_{ProposedMessage: event}}} {
		if err := call.Send(part); err != nil {
			break // the reason is received
		}
	}
	answer, err := call.CloseAndRecv()
	return answer.GetSuccess() != nil, err
}

// refusal says in our words why a call failed.
func (a *Admin) refusal(what string, err error) error {
	switch status.Code(err) {
	case codes.OK:
		return nil
	case codes.Unauthenticated:
		return fmt.Errorf("%s as %q: %w", what, a.name, ErrWrongPassword)
	case codes.PermissionDenied:
		return fmt.Errorf("%s as %q: %w", what, a.name, ErrDenied)
	case codes.Unimplemented:
		return fmt.Errorf("%s: %w", what, ErrNoUsers)
	case codes.Unavailable, codes.DeadlineExceeded, codes.Aborted:
		return fmt.Errorf("%s: %w", what, unreachable(err))
	}
	return fmt.Errorf("%s: %w", what, err)
}
