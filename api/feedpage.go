package api

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
)

// under lets operations that know their whole path be served below a mount.
type under struct {
	chi.Router
	prefix string
}

// MethodFunc is how huma registers an operation.
func (u under) MethodFunc(method, pattern string, h http.HandlerFunc) {
	u.Router.MethodFunc(method, strings.TrimPrefix(pattern, u.prefix), h)
}

// describeFeed writes the feed into the document by hand: huma knows one answer
// to a request, and a feed has many.
func describeFeed(document *huma.OpenAPI) {
	text := &huma.Schema{Type: huma.TypeString}
	query := func(name, doc string) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: doc, Schema: text}
	}
	problem := map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}}
	document.AddOperation(&huma.Operation{
		OperationID: "follow-events", Method: http.MethodGet, Path: "/v1/events", Tags: []string{"events"},
		Summary: "The log of all events, as it grows",
		Description: `Server-Sent Events, or with Accept: application/cloudevents-batch+json a JSON array with long poll. Each event is a CloudEvent 1.0 (structured mode) of type id.jejak.<stored name>, without texts and names of people; subject is the stream, sequence its revision, position the place in the log.

For inspectors, administrators and tokens with the scope feed. The id of each event is its position: resume with Last-Event-ID or after. An event caught-up says that the end of the log was reached; an event closing says that this server ends: come back. A comment comes every 15 s; an id without data moves the position past what a filter left out. A live reader that falls 64 events behind is cut and resumes, as it is after 10 s in which it takes nothing, and after an hour. Ignore types and members you do not know.

Jejak-Log names the log. It is another one after the log was restored, put back to an earlier state or exchanged; keep it with your position, and send it back as the parameter or header log. The ids of a stream hold it themselves (position@log) once the ledger has another log than its first; a number alone is then taken for a position of the first. A position that is not one of the log there is now is 409 not-a-place-of-this-log, with the log's identity in the body: begin again from the start, or from where the operator says that both logs part. A stream cannot tell a status to an EventSource: it gives an event log-changed with that problem as its data, and the id "gone", and ends; whoever comes back with Last-Event-ID: gone is answered 204, on which an EventSource does not come again. While the event store holds a log that is not this ledger's, everything else is 503 log-older, log-empty or log-other.`,
		Parameters: []*huma.Param{
			{Name: "Last-Event-ID", In: "header", Description: "Position after which to go on", Schema: text},
			query("after", "Position after which to go on, when there is no Last-Event-ID"),
			query("after_event", "CloudEvents id of the last event that you have, when there is no position: after the ledger has moved to another event store positions are others, and ids stay. Looked for among the newest 20,000 events; 404 event-not-among-newest"),
			query("log", "What Jejak-Log said when the position was given; also as a header Jejak-Log. Without it, the position is taken for one of the ledger's first log"),
			query("type", "CloudEvents type or stored name, may stand there many times"),
			query("stream", "One stream"), query("category", "First part of the stream"),
			query("unit", "Facts that name this unit themselves"),
			query("limit", "Batch only: 1 to 200, 50 when left out"), query("wait", "Batch only: seconds to wait for the first event, 0 to 30"),
		},
		Responses: map[string]*huma.Response{
			"200": {Description: "Events", Headers: map[string]*huma.Header{"Jejak-Log": {Description: "Identity of the log", Schema: text}}, Content: map[string]*huma.MediaType{
				"text/event-stream":                  {Schema: text},
				"application/cloudevents-batch+json": {Schema: &huma.Schema{Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}}},
			}},
			"204":     {Description: "Stream only: the reader was told that its position is gone, and need not come back"},
			"409":     {Description: "The position is not one of this log; log names it", Content: problem},
			"default": {Description: "Error", Content: problem},
		},
	})
}
