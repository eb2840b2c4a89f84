package access

import (
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/jejak-kinerja/jejak/internal/node/golden"
)

// gather adds what came to an answer, in the words of the recordings, and notes the
// ids of events.
func (p *player) gather(a *Answer, c *opened, messages []proto.Message) error {
	for _, m := range messages {
		plain, err := golden.Plain(m)
		if err != nil {
			return err
		}
		if answer, ok := plain.(map[string]any); ok {
			c.Events = append(c.Events, deliveredID(answer)...)
		}
		compared, err := p.namesOf(c.label).Compared(plain, m.ProtoReflect().Descriptor())
		if err != nil {
			return err
		}
		told := got(c.rpc, compared)
		text, ok := told.(string)
		switch {
		case !ok:
			a.Got = append(a.Got, told)
			continue
		case text == "":
			continue
		case strings.HasPrefix(text, "event ") && !strings.Contains(text, "~"): // of a stream that is not the scenario's
			if c.all || len(a.Got) > 0 && a.Got[len(a.Got)-1] == told {
				continue
			}
		}
		a.Got = append(a.Got, p.labelled(text, c.label))
	}
	return nil
}

// back puts suffix, ids and the caller's label back.
func (p *player) back(text, label string) string {
	return p.labelled(p.namesOf(label).Back(text), label)
}

var ownAddress = regexp.MustCompile(`127\.0\.0\.1:[0-9]+`)

func (p *player) labelled(text, label string) string {
	text = ownAddress.ReplaceAllString(text, "127.0.0.1:<port>")
	return strings.ReplaceAll(text, "-"+label+"~", "-{as}~")
}

// deliveredID is the id of the event that came, the link's where there is one.
func deliveredID(answer map[string]any) []string {
	e, _ := answer["event"].(map[string]any)
	for _, form := range []string{"link", "event"} {
		event, _ := e[form].(map[string]any)
		id, _ := event["id"].(map[string]any)
		if text, ok := id["structured"].(string); ok {
			return []string{text}
		}
	}
	return nil
}

// got is a message in the words of the recordings; "" when it is none that is compared.
func got(rpc string, v any) any {
	answer, _ := v.(map[string]any)
	switch rpc {
	case "streams.Read", "persistent.Read":
		return read(answer)
	case "streams.Append":
		return first(answer, "success", "wrong_expected_version")
	case "streams.BatchAppend":
		if problem, refused := answer["error"]; refused {
			return map[string]any{"error": problem}
		}
		return first(answer, "success")
	case "persistent.List":
		count := 0
		list, _ := answer["subscriptions"].([]any)
		for _, one := range list {
			if info, _ := one.(map[string]any); strings.Contains(fmt.Sprint(info["event_source"], info["group_name"]), "~") {
				count++
			}
		}
		return fmt.Sprint("groups ", count)
	case "persistent.GetInfo":
		info, _ := answer["subscription_info"].(map[string]any)
		return fmt.Sprint("group ", info["event_source"], "::", info["group_name"])
	case "gossip.Read":
		members, _ := answer["members"].([]any)
		return fmt.Sprint("members ", len(members))
	case "features.GetSupportedMethods":
		return "methods"
	}
	return "done"
}

// read tells a message of a read or a subscription.
func read(answer map[string]any) string {
	if missing, ok := answer["stream_not_found"].(map[string]any); ok {
		return "stream_not_found " + streamOf(missing)
	}
	if e, ok := answer["event"].(map[string]any); ok {
		event, there := e["event"].(map[string]any)
		link, linked := e["link"].(map[string]any)
		switch {
		case linked && there:
			return "link " + place(link) + " -> " + place(event)
		case linked:
			return "link " + place(link) + " -> nothing"
		}
		return "event " + place(event)
	}
	return first(answer, "confirmation", "subscription_confirmation", "caught_up")
}

// first is the first of the names that the answer has a field of.
func first(answer map[string]any, names ...string) string {
	for _, name := range names {
		if _, ok := answer[name]; ok {
			return name
		}
	}
	return ""
}

func streamOf(message map[string]any) string {
	identifier, _ := message["stream_identifier"].(map[string]any)
	return strings.TrimPrefix(fmt.Sprint(identifier["stream_name"]), "text:")
}

// place is an event's stream and revision. Streams that do not belong to the
// scenario are told without.
func place(event map[string]any) string {
	stream := streamOf(event)
	if !strings.Contains(stream, "~") {
		return stream
	}
	revision, ok := event["stream_revision"]
	if !ok {
		revision = "0"
	}
	return fmt.Sprint(stream, "/", revision)
}
