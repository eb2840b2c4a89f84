package eventlog

import (
	"context"
	"fmt"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// outsider is somebody else with an official client.
func outsider(t *testing.T, socket string) *esdb.Client {
	t.Helper()
	config, err := esdb.ParseConnectionString("esdb://localhost?tls=false")
	if err != nil {
		t.Fatal(err)
	}
	config.Address = "unix://" + socket
	client, err := esdb.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
	return client
}

func put(t *testing.T, client *esdb.Client, stream string, events ...esdb.EventData) {
	t.Helper()
	for i := range events {
		events[i].EventID = uuid.New()
	}
	if _, err := client.AppendToStream(t.Context(), stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, events...); err != nil {
		t.Fatal(err)
	}
}

func TestAStreamOfWhichEventsAreGoneIsNotDecidedUpon(t *testing.T) {
	s := serve(t)
	l, client := connect(t, s.socket), outsider(t, s.socket)
	limit := func(change func(*esdb.StreamMetadata)) func(string) error {
		return func(stream string) error {
			m := esdb.StreamMetadata{}
			change(&m)
			_, err := client.SetStreamMetadata(t.Context(), stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, m)
			return err
		}
	}
	for what, cut := range map[string]func(stream string) error{
		"$maxCount 1": limit(func(m *esdb.StreamMetadata) { m.SetMaxCount(1) }),
		"$tb 2":       limit(func(m *esdb.StreamMetadata) { m.SetTruncateBefore(2) }),
		"$tb 3":       limit(func(m *esdb.StreamMetadata) { m.SetTruncateBefore(3) }), // nothing is left to be seen
		"deleted": func(stream string) error {
			_, err := client.DeleteStream(t.Context(), stream, esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}})
			return err
		},
		"tombstoned": func(stream string) error {
			_, err := client.TombstoneStream(t.Context(), stream, esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Any{}})
			return err
		},
	} {
		t.Run(what, func(t *testing.T) {
			stream := "person-" + uuid.NewString()
			mustAppend(t, l, stream, -1, facts(0, 3))
			if events, err := l.Load(t.Context(), stream); err != nil || len(events) != 3 {
				t.Fatalf("%d events, %v", len(events), err)
			}
			if err := cut(stream); err != nil {
				t.Fatal(err)
			}
			events, err := l.Load(t.Context(), stream)
			if domain.SlugOf(err) != "stream-cut" || domain.KindOf(err) != domain.Refused {
				t.Errorf("loaded %d events, %v", len(events), err)
			}
			found := Cut{}
			for at := uint64(0); ; {
				page, err := l.ReadRaw(t.Context(), at, at)
				if err != nil || len(page) == 0 {
					break
				}
				for _, e := range page {
					if c, ok := CutBy(e); ok && c.Stream == stream {
						found = c
					}
					at = e.Position
				}
			}
			if found != (Cut{stream, what}) {
				t.Errorf("the log tells of %+v", found)
			}
		})
	}
	t.Run("who may read it does not cut it", func(t *testing.T) {
		m := esdb.StreamMetadata{}
		acl := esdb.Acl{}
		acl.AddReadRoles("$all")
		m.SetAcl(acl)
		if _, err := client.SetStreamMetadata(t.Context(), "person-new", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, m); err != nil {
			t.Fatal(err)
		}
		if events, err := l.Load(t.Context(), "person-new"); err != nil || len(events) != 0 {
			t.Errorf("%d events, %v", len(events), err)
		}
	})
}

func TestMetadataThatCannotBeReadCutNothing(t *testing.T) {
	for data, want := range map[string]string{
		`{"$maxCount":5}`: "$maxCount 5", `{"$maxAge":60}`: "$maxAge 60", `{"$tb":7}`: "$tb 7",
		`{"$tb":9223372036854775807}`: "deleted", `{"$tb": 9223372036854775807}`: "deleted",
		`{"$tb":7,"$maxCount":5}`: "$tb 7, $maxCount 5",
		`{}`:                      "", `{"$tb":0}`: "", `{"$acl":{"$r":"$all"}}`: "", `{"$tb":"x"}`: "", `x`: "",
		// As the store reads it, which is more than the standard allows.
		`{'$maxCount':5}`: "$maxCount 5", `{$tb:7,}`: "$tb 7", `{"$maxAge":60} and more`: "$maxAge 60", "\ufeff{\"$tb\":7}": "$tb 7",
		"\xff\xfe{\x00'\x00$\x00t\x00b\x00'\x00:\x007\x00}\x00": "$tb 7", `{"$maxCount":5,"$maxCount":6}`: "$maxCount 6",
	} {
		c, ok := CutBy(Raw{Type: "$metadata", Stream: "$$plan-a", Data: []byte(data)})
		if !ok || c != (Cut{"plan-a", want}) {
			t.Errorf("%s: %+v", data, c)
		}
	}
	for _, kind := range []string{"$metadata", "anything", "plan.opened.v1"} {
		if c, ok := CutBy(Raw{Type: kind, Stream: "$$plan-a", Data: []byte(`{"$tb":7}`)}); !ok || c.What != "$tb 7" {
			t.Errorf("metadata of the type %s: %+v", kind, c)
		}
	}
	if c, ok := CutBy(Raw{Stream: "$$plan-a", Data: []byte(`{"$tb":7}`), ContentType: "application/octet-stream"}); !ok || c.What != "" {
		t.Errorf("metadata that are no JSON: %+v", c)
	}
	if _, ok := CutBy(Raw{Type: "plan.opened.v1", Stream: "plan-a"}); ok {
		t.Error("a fact cuts its stream")
	}
}

func TestAnEventOfAnotherCategoryIsForeignAndKeepsItsRevision(t *testing.T) {
	s := serve(t)
	l, client := connect(t, s.socket), outsider(t, s.socket)
	const stream = "person-a"
	mustAppend(t, l, stream, -1, facts(0, 1))
	json := esdb.ContentTypeJson
	put(t, client, stream,
		esdb.EventData{EventType: "Something", ContentType: json, Data: []byte(`{}`)},
		esdb.EventData{EventType: "unit.closed.v1", ContentType: json, Data: []byte(`{"last_day":"2026-01-01"}`)},
		esdb.EventData{EventType: "$>", ContentType: esdb.ContentTypeBinary, Data: []byte(`0@person-b`)})
	events, err := l.Load(t.Context(), stream)
	if err != nil || len(events) != 4 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for n, want := range []bool{false, true, true, true} {
		if e := events[n]; e.Foreign != want || (e.Body == nil) != want || e.Revision != uint64(n) {
			t.Errorf("event %d: %+v", n, e)
		}
	}
	// The stream goes on behind them.
	if place := mustAppend(t, l, stream, 3, facts(1, 1)); place.Revision != 4 {
		t.Errorf("%+v", place)
	}
	after, err := catalog.StateAfter(person.Decider.Category, events)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(after.(person.State).Posts); got != 1 {
		t.Errorf("%d posts", got)
	}
	// A fact of a later version is not foreign: who does not know it must not decide.
	put(t, client, stream, esdb.EventData{EventType: "person.promoted.v1", ContentType: json, Data: []byte(`{}`)})
	if _, err := l.Load(t.Context(), stream); err == nil {
		t.Error("an unknown fact of the category was passed over")
	}
	// A stored name in a stream of another category is no fact.
	body := fmt.Sprintf(`{"employment":%q,"person":"2"}`, person.PNS)
	put(t, client, "bar-2", esdb.EventData{EventType: "person.registered.v1", ContentType: json, Data: []byte(body)})
	put(t, client, "bar-2", esdb.EventData{EventType: "bar.opened.v1", ContentType: json, Data: []byte(`{}`)})
	all, err := l.ReadAll(context.Background(), 0, 100, false)
	if err != nil {
		t.Fatal(err)
	}
	foreign := 0
	for _, e := range all {
		if e.Foreign {
			foreign++
			if e.Err != nil {
				t.Error(e.Err)
			}
		}
	}
	if foreign != 4 { // the link is the store's own
		t.Errorf("%d foreign events of %d", foreign, len(all))
	}
}
