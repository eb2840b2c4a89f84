package node

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/protobuf/proto"
)

func FuzzReadLink(f *testing.F) {
	for _, seed := range []string{"0@s", "9223372036854775807@a@b", "-1@s", "@", "1@", "1@\x00", "99999999999999999999@s"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		to, ok := readLink(body)
		if ok && (to.rev < -1 || to.stream == "" || !storableText(to.stream) || !strings.HasSuffix(string(body), "@"+to.stream)) {
			t.Errorf("%q was read as %+v", body, to)
		}
	})
}

func FuzzReadVisibility(f *testing.F) {
	for _, seed := range []string{softDeletedBody, `{"$maxCount":0}`, `{"$maxAge":9223372036854775807}`, `{"$tb":-1}`, `{"$tb":1.5}`, `null`, `[]`, `{"$TB":4}`, `{"$tb":1,"$tb":2}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v := readVisibility(body, true)
		if v.truncateBefore < 0 || v.maxCount < 0 || v.maxAge < 0 || v.maxAge > maxAgeLimit {
			t.Errorf("%q was read as %+v", body, v)
		}
		back, ok := undeletedBody(body, 7)
		if !ok {
			return
		}
		if !json.Valid(back) || readVisibility(back, true).truncateBefore != 7 && readVisibility(body, true) != (visibility{}) {
			t.Errorf("%q came back as %q", body, back)
		}
	})
}

func FuzzFilter(f *testing.F) {
	for _, seed := range []*api.ReadReq_Options_FilterOptions{byType("a", "$"), byStream("s"), byTypePattern(`^(?!(\$)).*`), byTypePattern(`(a+)+$`)} {
		raw, err := proto.Marshal(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, "name")
	}
	f.Fuzz(func(t *testing.T, raw []byte, name string) {
		var o api.ReadReq_Options_FilterOptions
		if proto.Unmarshal(raw, &o) != nil {
			return
		}
		filter, err := newFilter(&o, true)
		if err != nil {
			if asRefusal(err) == nil {
				t.Errorf("refused with %v", err)
			}
			return
		}
		e := &event{stream: name, typ: name}
		first, err := filter.matches(e)
		if err != nil {
			return // too slow
		}
		if again, err := filter.matches(e); err != nil || again != first {
			t.Errorf("%q matches %v, then %v %v", name, first, again, err)
		}
		if filter != nil && filter.every == 0 {
			t.Error("checkpoints without an interval")
		}
	})
}

func FuzzReadableName(f *testing.F) {
	f.Add([]byte("$$s"))
	f.Add([]byte("\xff"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		name, err := writableName(raw)
		if err == nil && (name == "" || !utf8.ValidString(name) || strings.Contains(name, "\x00") || isMetastream(describedBy(name)) && isMetastream(name)) {
			t.Errorf("%q may be written to", name)
		}
		if r := asRefusal(err); err != nil && (r == nil || len(r.trailer()) > 0 && r.trailer().Get("exception") == nil) {
			t.Errorf("refused with %v", err)
		}
	})
}

func FuzzPersistentSubscriptionsReadOnlyWhatTheyCanWrite(f *testing.F) {
	f.Add([]byte(`"C:12/P:12"`))
	f.Add([]byte(`"7"`))
	f.Add([]byte(`7`))
	f.Add([]byte(`{"version":"2","entries":[{"stream":"s","group":"g","startPosition":"-1"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if place, ok := readCheckpoint(body); ok {
			for _, key := range []groupKey{{"s", "g"}, {allStream, "g"}} {
				if again, ok := readPlace(key.writePlace(place)); !ok || again != place {
					t.Errorf("%q reads as %d, and written again as %d", body, place, again)
				}
			}
		}
		if list, err := readGroupList(body); err == nil {
			for _, s := range list.Entries {
				if s.Group == "" || len(s.key().parkedStream()) > maxNameBytes {
					t.Errorf("accepted %+v", s.key())
				}
			}
		}
	})
}
