package eventlog

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/gowebpki/jcs"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
)

// fullMeta sets every field of domain.Meta.
func fullMeta() domain.Meta {
	return domain.Meta{
		Command: "kunci-0001", Request: "cmVx", Actor: "11111111-1111-4111-8111-111111111111", Capacity: domain.ActingVacant,
		OnBehalfOf: "22222222-2222-4222-8222-222222222222", Authority: "direct-superior",
		Reason: "8LJa3cFOa1-4OxjTqXT8GyJYFnSPfIFqc5Kk1dVMFzE", Source: domain.FromPage, Policy: "sabang-2026.1",
		Correlation: "korelasi", Causation: "sebab",
		RecordedAt:  time.Date(2026, 3, 2, 1, 2, 3, 4000, time.UTC),
		EffectiveAt: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Salt: "MDEyMzQ1Njc4OWFiY2RlZg",
		Trace: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
	}
}

func TestEveryFieldOfTheMetadataComesBack(t *testing.T) {
	m := fullMeta()
	for _, f := range reflect.VisibleFields(reflect.TypeFor[domain.Meta]()) {
		if reflect.ValueOf(m).FieldByIndex(f.Index).IsZero() {
			t.Fatalf("the test does not set %s", f.Name)
		}
	}
	for _, m := range []domain.Meta{m, {RecordedAt: m.RecordedAt, EffectiveAt: m.EffectiveAt}} {
		data, err := encodeMeta(m)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := decodeMeta(data); err != nil || got != m {
			t.Errorf("%s\nbecame %+v, %v", data, got, err)
		}
	}
}

func TestMetadataWithEveryFieldIsReadTheFastWay(t *testing.T) {
	data, err := encodeMeta(fullMeta())
	if err != nil {
		t.Fatal(err)
	}
	if stored, ok := flat(data); !ok || stored.Trace != fullMeta().Trace {
		t.Errorf("%s became %+v, %t", data, stored, ok)
	}
}

func TestTheEventLineIsTheGoldenOne(t *testing.T) {
	untraced := fullMeta()
	untraced.Trace = ""
	for name, meta := range map[string]domain.Meta{"event.line": untraced, "event-traced.line": fullMeta()} {
		t.Run(name, func(t *testing.T) { goldenLine(t, name, meta) })
	}
}

func goldenLine(t *testing.T, name string, meta domain.Meta) {
	r := domain.Recorded{
		Position: 7, Stream: "person-1", Revision: 3, ID: "33333333-3333-4333-8333-333333333333", Name: "person.registered.v1",
		Data: []byte(`{"employment":"pns","person":"1"}`), Meta: meta, StoredAt: time.Date(2026, 3, 2, 1, 2, 4, 0, time.UTC),
	}
	line, err := EventLine(r)
	if err != nil {
		t.Fatal(err)
	}
	golden, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if string(line) != strings.TrimSuffix(string(golden), "\n") {
		t.Errorf("the line is\n%s\nnot\n%s", line, golden)
	}
	canonical, err := jcs.Transform(line)
	if err != nil || !bytes.Equal(canonical, line) {
		t.Errorf("the line is not canonical: %s, %v", canonical, err)
	}
}

func TestMetadataThatWasNotWrittenByUsIsRefused(t *testing.T) {
	good, err := encodeMeta(fullMeta())
	if err != nil {
		t.Fatal(err)
	}
	change := func(old, new string) string {
		if !strings.Contains(string(good), old) {
			t.Fatalf("%s is not in %s", old, good)
		}
		return strings.Replace(string(good), old, new, 1)
	}
	for name, bad := range map[string]string{
		"empty":             ``,
		"null":              `null`,
		"no version":        change(`,"v":1`, ``),
		"another version":   change(`"v":1`, `"v":2`),
		"an unknown field":  change(`"v":1`, `"v":1,"x":1`),
		"a key twice":       change(`"cmd":"kunci-0001"`, `"cmd":"kunci-0001","cmd":"kunci-0001"`),
		"another case":      change(`"cmd"`, `"CMD"`),
		"space":             change(`,"v"`, `, "v"`),
		"another order":     `{"v":1,` + change(`,"v":1`, ``)[1:],
		"other digits":      change(`03.000004Z`, `03.00000400Z`),
		"another zone":      change(`03.000004Z`, `03.000004+07:00`),
		"no time":           change(`2026-03-02T`, `2026-13-02T`),
		"a wrong companion": change(`"$correlationId":"korelasi"`, `"$correlationId":"lain"`),
		"something behind":  string(good) + `{}`,
		"too much":          `"` + strings.Repeat("x", MaxMetaBytes) + `"`,
	} {
		if m, err := decodeMeta([]byte(bad)); err == nil {
			t.Errorf("%s: %s became %+v", name, bad, m)
		} else if name == "another version" && !strings.Contains(err.Error(), "version 2") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestTooMuchMetadataIsRefused(t *testing.T) {
	m := fullMeta()
	m.Authority = strings.Repeat("x", MaxMetaBytes)
	if _, err := encodeMeta(m); err == nil {
		t.Error("it was taken")
	}
}

func FuzzDecodedMetadataIsTheStoredBytes(f *testing.F) {
	good, err := encodeMeta(fullMeta())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"v":1}`))
	f.Add(bytes.Replace(good, []byte("korelasi"), []byte(`\u006borelasi`), 2))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := decodeMeta(data)
		if err != nil {
			return
		}
		again, err := encodeMeta(m)
		if err != nil || !bytes.Equal(again, data) {
			t.Errorf("%s became %s, %v", data, again, err)
		}
	})
}

func FuzzAPlainBodyThatTheCatalogReadsIsCanonical(f *testing.F) {
	ledger, err := catalog.Ledger()
	if err != nil {
		f.Fatal(err)
	}
	golden, err := filepath.Glob("../../domain/catalog/testdata/events/*.json")
	if err != nil || len(golden) == 0 {
		f.Fatalf("golden bodies: %v, %v", golden, err)
	}
	for _, file := range golden {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for n, name := range ledger.Names() {
			if _, err := ledger.Decode(name, body); err == nil {
				f.Add(n, body)
				for _, number := range []string{"-0", "1e2", "1.0", "01", "9007199254740993"} {
					f.Add(n, regexp.MustCompile(`:[0-9]+`).ReplaceAll(body, []byte(":"+number)))
				}
				f.Add(n, bytes.ReplaceAll(body, []byte(`:"`), []byte(`:"\u0061é`)))
			}
		}
	}
	f.Fuzz(func(t *testing.T, n int, data []byte) {
		name := ledger.Names()[uint(n)%uint(len(ledger.Names()))]
		if _, err := ledger.Decode(name, data); err != nil || !plain(data) {
			return
		}
		if canonical, err := jcs.Transform(data); err != nil || !bytes.Equal(canonical, data) {
			t.Errorf("%s is called plain, but its canonical form is %s, %v", data, canonical, err)
		}
	})
}

func BenchmarkDecodeMetadata(b *testing.B) {
	data, err := encodeMeta(fullMeta())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := decodeMeta(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeEvent(b *testing.B) {
	l := &Log{catalog: ledger(b)}
	data, err := l.proposed(facts(0, 1))
	if err != nil {
		b.Fatal(err)
	}
	stored := &esdb.RecordedEvent{StreamID: "person-a", EventType: data[0].EventType, Data: data[0].Data, UserMetadata: data[0].Metadata}
	for b.Loop() {
		if e := l.entry(stored); e.Err != nil {
			b.Fatal(e.Err)
		}
	}
}
