package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/node/nodetest"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// grant is a stored grant of a role, copied.
type grant struct {
	typ  string
	data []byte
}

// A grant of a role, copied into another person's stream over the node's address,
// made that person administrator. Whoever comes that way writes no fact now, with
// whatever client and name; the product goes on.
func TestACopiedGrantIsRefusedAtTheNodesAddress(t *testing.T) {
	t.Parallel()
	certificate := filepath.Join(t.TempDir(), "node.crt")
	nodetest.Certificate(t, certificate)
	users := usersFile(t, "pejabat:staf", "kepala:$admins")
	trusted, err := credentials.NewClientTLSFromFile(certificate, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, way := range []struct {
		name    string
		flags   []string
		callers []string // as in a URL
		query   string
		trust   credentials.TransportCredentials
	}{
		{"loopback without TLS", nil, []string{"", "kepala:rahasia@"}, "?tls=false", insecure.NewCredentials()},
		{"TLS", []string{"--node-tls-cert", certificate, "--node-tls-key", certificate + ".key", "--node-users-file", users, "--node-allow-anonymous"},
			[]string{"", "pejabat:rahasia@", "kepala:rahasia@"}, "?tls=true&tlsCAFile=" + certificate, trusted},
	} {
		t.Run(way.name, func(t *testing.T) {
			address := freeAddress(t)
			p := serve(t, stateDir(t), append([]string{"--demo", "--people", "20", "--node-listen", address}, way.flags...)...)
			p.seeded()
			var g grant
			var from, victim string
			only(t, p.query(`select s.name, e.type, e.data from eventstore.events e join eventstore.streams s using (sid)
				where e.type = 'person.role-granted.v1' order by pos limit 1`), &from, &g.typ, &g.data)
			only(t, p.query(`select name from eventstore.streams where name like 'person-%' and name <> $1 order by sid desc limit 1`, from), &victim)
			before := p.events(victim)
			for _, caller := range way.callers {
				if err := byOfficialClient(t, "esdb://"+caller+address+way.query, victim, g); !isAccessDenied(err) {
					t.Errorf("the official client as %q: %v", caller, err)
				}
			}
			conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(way.trust))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			for name, try := range map[string]func(context.Context, streams.StreamsClient, string, grant) codes.Code{"Append": byAppend, "BatchAppend": byBatch} {
				if code := try(t.Context(), streams.NewStreamsClient(conn), victim, g); code != codes.PermissionDenied {
					t.Errorf("%s without a name is answered with %s", name, code)
				}
			}
			if after := p.events(victim); after != before {
				t.Errorf("%s has %d events, before it had %d", victim, after, before)
			}
			if err := authors(t, p, 1)[0].report(t.Context(), p.url, "after-the-attack"); err != nil {
				t.Errorf("the product itself: %v", err)
			}
		})
	}
}

// only reads the only row that there is.
func only(t *testing.T, rows pgx.Rows, into ...any) {
	t.Helper()
	defer rows.Close()
	if !rows.Next() {
		t.Fatal(errors.Join(errors.New("no row"), rows.Err()))
	}
	if err := rows.Scan(into...); err != nil {
		t.Fatal(err)
	}
}

// events counts those of a stream.
func (p *product) events(stream string) (count int) {
	p.t.Helper()
	only(p.t, p.query(`select count(*) from eventstore.events join eventstore.streams using (sid) where name = $1`, stream), &count)
	return count
}

func isAccessDenied(err error) bool {
	e, ok := errors.AsType[*esdb.Error](err)
	return ok && e.Code() == esdb.ErrorCodeAccessDenied
}

func byOfficialClient(t *testing.T, url, stream string, g grant) error {
	t.Helper()
	config, err := esdb.ParseConnectionString(url)
	if err != nil {
		t.Fatal(err)
	}
	client, err := esdb.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, err = client.AppendToStream(t.Context(), stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}},
		esdb.EventData{EventID: uuid.New(), EventType: g.typ, ContentType: esdb.ContentTypeJson, Data: g.data})
	return err
}

func (g grant) metadata() map[string]string {
	return map[string]string{"type": g.typ, "content-type": "application/json"}
}

func freshID() *shared.UUID {
	return &shared.UUID{Value: &shared.UUID_String_{String_: uuid.NewString()}}
}

func byAppend(ctx context.Context, c streams.StreamsClient, stream string, g grant) codes.Code {
	call, err := c.Append(ctx)
	if err != nil {
		return status.Code(err)
	}
	for _, r := range []*streams.AppendReq{
		{Content: &streams.AppendReq_Options_{Options: &streams.AppendReq_Options{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)},
			ExpectedStreamRevision: &streams.AppendReq_Options_Any{Any: &shared.Empty{}}}}},
		{Content: &streams.AppendReq_ProposedMessage_{ProposedMessage: &streams.AppendReq_ProposedMessage{Id: freshID(), Metadata: g.metadata(), Data: g.data}}},
	} {
		if call.Send(r) != nil {
			break // the answer says why
		}
	}
	_, err = call.CloseAndRecv()
	return status.Code(err)
}

func byBatch(ctx context.Context, c streams.StreamsClient, stream string, g grant) codes.Code {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	call, err := c.BatchAppend(ctx)
	if err != nil {
		return status.Code(err)
	}
	err = call.Send(&streams.BatchAppendReq{CorrelationId: freshID(), IsFinal: true,
		Options: &streams.BatchAppendReq_Options{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)},
			ExpectedStreamPosition: &streams.BatchAppendReq_Options_Any{Any: &emptypb.Empty{}}},
		ProposedMessages: []*streams.BatchAppendReq_ProposedMessage{{Id: freshID(), Metadata: g.metadata(), Data: g.data}}})
	if err != nil {
		return status.Code(err)
	}
	answer, err := call.Recv()
	if err != nil {
		return status.Code(err)
	}
	return codes.Code(answer.GetError().GetCode())
}

func usersFile(t *testing.T, lines ...string) string {
	t.Helper()
	hash, err := node.HashPassword("rahasia")
	if err != nil {
		t.Fatal(err)
	}
	path, text := filepath.Join(t.TempDir(), "users"), ""
	for _, line := range lines {
		text += line + ":" + hash + "\n"
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestANodeThatKeepsALedgerNamesItsWriter(t *testing.T) {
	certificate := filepath.Join(t.TempDir(), "node.crt")
	nodetest.Certificate(t, certificate)
	users := usersFile(t, "jejak:", "pejabat:staf")
	secured := []string{"node", "--listen", "127.0.0.1:0", "--tls-cert", certificate, "--tls-key", certificate + ".key", "--users-file", users}
	for says, args := range map[string][]string{
		"nobody could append":             secured,
		`"kepala" is to write the ledger`: append(slices.Clone(secured), "--ledger-writer", "kepala"),
		"give one of them":                append(slices.Clone(secured), "--ledger-writer", "jejak", "--no-append-only"),
	} {
		var out, messages bytes.Buffer
		err := execute(t.Context(), args, terminal{&out, &messages})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, want %q", args, err, says)
		}
	}
	g := grant{typ: "tried", data: []byte(`{}`)}
	for _, c := range []struct {
		flags  []string
		caller string
		denied bool
	}{
		{nil, "", false}, // it knows no names, and says so at its start
		{[]string{"--users-file", users, "--ledger-writer", "jejak"}, "", true},
		{append(slices.Clone(secured[3:]), "--ledger-writer", "jejak"), "jejak:rahasia@", false},
		{append(slices.Clone(secured[3:]), "--ledger-writer", "jejak"), "pejabat:rahasia@", true},
		{append(slices.Clone(secured[3:]), "--no-append-only"), "pejabat:rahasia@", false},
		{append(slices.Clone(secured[3:]), "--no-append-only"), "", true},
		{append(slices.Clone(secured[3:]), "--no-append-only", "--allow-anonymous"), "", false},
	} {
		address, query, _ := strings.Cut(strings.TrimPrefix(standalone(t, append(slices.Clone(c.flags), "--database-url", pgtest.URL(t))...), "esdb://"), "?")
		if strings.Contains(query, "true") {
			query += "&tlsCAFile=" + certificate
		}
		err := byOfficialClient(t, "esdb://"+c.caller+address+"?"+query, "tried-1", g)
		if c.denied != isAccessDenied(err) || !c.denied && err != nil {
			t.Errorf("%v as %q: %v", c.flags, c.caller, err)
		}
	}
}
