package golden

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

func TestBytesHaveOneFormForEachContent(t *testing.T) {
	for _, row := range [][2]string{
		{"text:a~", "text:a~"}, {"base64:YX4=", "text:a~"}, {"base64:/w==", "base64:/w=="}, {"fill:3:x", "text:xxx"}, {"text:", "text:"},
		{"fill:2001:x", WriteBytes(make2001())}, {"sha256:5:ab", "sha256:5:ab"},
	} {
		if got, err := oneForm(row[0]); err != nil || got != row[1] {
			t.Errorf("%q is %q %v, want %q", row[0], got, err, row[1])
		}
	}
	for _, broken := range []string{"", "plain", "hex:00", "fill:x:y", "fill:2:", "fill:-1:x", "base64:?"} {
		if got, err := oneForm(broken); err == nil {
			t.Errorf("%q is %q, want an error", broken, got)
		}
	}
}

func make2001() []byte {
	b := make([]byte, 2001)
	for i := range b {
		b[i] = 'x'
	}
	return b
}

func TestARequestAndItsAnswerKeepTheirRecordedNames(t *testing.T) {
	const id = "4d6cf4ce-acc0-470f-a93e-e2159eab5317"
	names, places := NewNames(), NewPlaces()
	places.learn("w0", 40)
	r := Request{Names: names, Place: places.Place, Delivered: func(string) []string { return []string{id, id} }}
	m, err := FindMethod("streams.Append")
	if err != nil {
		t.Fatal(err)
	}
	recorded := map[string]any{"proposed_message": map[string]any{
		"id": map[string]any{"structured": id}, "metadata": map[string]any{"type": "T~"}, "data": "text:in ~"}}
	message, err := r.Message(recorded, m.Request)
	if err != nil {
		t.Fatal(err)
	}
	sent := message.(*streams.AppendReq).GetProposedMessage()
	if sent.GetMetadata()["type"] != "T"+names.Suffix || string(sent.GetData()) != "in "+names.Suffix || sent.GetId().GetStructured().GetMostSignificantBits() == 0x4d6cf4ceacc0470f {
		t.Errorf("sent %v", sent)
	}
	plain, err := Plain(message)
	if err != nil {
		t.Fatal(err)
	}
	back, err := names.Compared(plain, m.Request.Descriptor())
	if err != nil {
		t.Fatal(err)
	}
	if a, b := lines(Answer{Messages: []any{back}}, false), lines(Answer{Messages: []any{recorded}}, false); a[1] != b[1] {
		t.Errorf("came back as %s", a[1])
	}
}

func TestPositionsAreToldByWhatIsKnown(t *testing.T) {
	p := NewPlaces()
	p.learn("w0", 40)
	p.learn("a~/0", 40)
	p.learn("a~/1", 60)
	for at, want := range map[uint64]string{0: "0", 1<<63 - 1: "9223372036854775807", 1<<64 - 1: "18446744073709551615", 39: "@-", 40: "@w0", 50: "@w0..", 60: "@a~/1", 61: "@a~/1.."} {
		if got := p.name(at); got != want {
			t.Errorf("%d is %s, want %s", at, got, want)
		}
	}
	if got := p.Text("at C:40/P:40, C:-1/P:-1"); got != "at C:@w0/P:@w0, C:-1/P:-1" {
		t.Error(got)
	}
	r := Request{Names: NewNames(), Place: p.Place}
	for name, want := range map[string]uint64{"@max": 60, "@max+5": 65, "@w0-1": 39, "@nowhere": 0, "@a~/1": 60} {
		if got, err := r.place(name); err != nil || got != want {
			t.Errorf("%s is %d %v, want %d", name, got, err, want)
		}
	}
}
