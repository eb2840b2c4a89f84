package node

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// refusal is an answer of the protocol that says no: a status code, and trailers
// by which the clients tell one case from another.
type refusal struct {
	code     codes.Code
	text     string
	trailers []string // key, value, key, value
}

func (r *refusal) Error() string { return r.text }

// GRPCStatus lets the gRPC server send the refusal's own code.
func (r *refusal) GRPCStatus() *status.Status { return status.New(r.code, r.text) }

// trailer is the refusal's metadata. Header values must be printable ASCII: any
// other byte of a stream name is percent-encoded. Like EventStoreDB it leaves out
// what is empty, and what a header would not keep: spaces at its ends, and tabs.
func (r *refusal) trailer() metadata.MD {
	md := metadata.MD{}
	for i := 0; i+1 < len(r.trailers); i += 2 {
		value := r.trailers[i+1]
		if value == "" || strings.Trim(value, " ") != value || strings.Contains(value, "\t") {
			continue
		}
		md.Append(r.trailers[i], printable(value))
	}
	return md
}

func printable(value string) string {
	var b strings.Builder
	for i := range len(value) {
		if c := value[i]; c >= 0x20 && c < 0x7f {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func invalid(format string, args ...any) *refusal {
	return &refusal{code: codes.InvalidArgument, text: fmt.Sprintf(format, args...)}
}

// missingPart is the answer to a request that leaves a choice open.
func missingPart(part string) *refusal { return invalid(textMissingPart, part) }

// wrongCombination is the answer to a read whose parts do not fit together.
func wrongCombination(o *api.ReadReq_Options) *refusal {
	source, count, filter := "None", "None", "None"
	switch o.GetStreamOption().(type) {
	case *api.ReadReq_Options_Stream:
		source = "Stream"
	case *api.ReadReq_Options_All:
		source = "All"
	}
	switch o.GetCountOption().(type) {
	case *api.ReadReq_Options_Count:
		count = "Count"
	case *api.ReadReq_Options_Subscription:
		count = "Subscription"
	}
	switch o.GetFilterOption().(type) {
	case *api.ReadReq_Options_Filter:
		filter = "Filter"
	case *api.ReadReq_Options_NoFilter:
		filter = "NoFilter"
	}
	return invalid(textCombination, source, count, o.GetReadDirection(), filter)
}

// thrown is EventStoreDB's answer to what nobody thought of.
func thrown() *refusal { return &refusal{code: codes.Unknown, text: textThrown} }

const exceptionMissingProperty = "missing-required-metadata-property"

func missingProperty(name string) *refusal {
	return &refusal{codes.InvalidArgument, fmt.Sprintf(textMissingProperty, name),
		[]string{"exception", exceptionMissingProperty, "required-metadata-properties", "type,content-type"}}
}

const exceptionTooLarge = "maximum-append-size-exceeded"

func tooLarge(limit int) *refusal {
	return &refusal{codes.InvalidArgument, fmt.Sprintf(textTooLarge, limit),
		[]string{"exception", exceptionTooLarge, "maximum-append-size", strconv.Itoa(limit)}}
}

func denied(format string, args ...any) *refusal {
	return &refusal{codes.PermissionDenied, fmt.Sprintf(format, args...), []string{"exception", "access-denied"}}
}

func accessDenied() *refusal { return denied("Access Denied") }

func streamDeleted(stream string) *refusal {
	return &refusal{codes.FailedPrecondition, fmt.Sprintf(textStreamDeleted, stream),
		[]string{"exception", "stream-deleted", "stream-name", stream}}
}

// wrongVersionRefusal is how Delete and Tombstone say it; appends say it in an OK answer.
func wrongVersionRefusal(stream string, want expectation, head int64) *refusal {
	return &refusal{codes.FailedPrecondition,
		fmt.Sprintf(textWrongVersion, stream, want.number(), head),
		[]string{"exception", "wrong-expected-version", "stream-name", stream,
			"expected-version", want.number(), "actual-version", strconv.FormatInt(head, 10)}}
}

func busy() *refusal { return &refusal{code: codes.Unavailable, text: textBusy} }

func shuttingDown() *refusal {
	return &refusal{codes.Unavailable, "the server is shutting down", []string{"exception", "server-shutting-down"}}
}

// notLeader sends a writer to the leader; clients go there by themselves.
func notLeader(host string, port int32) *refusal {
	return &refusal{codes.NotFound, textNotLeader,
		[]string{"exception", "not-leader", "leader-endpoint-host", host, "leader-endpoint-port", strconv.Itoa(int(port))}}
}

// noLeader is the answer while none is known: for some seconds, until one is.
func noLeader() *refusal { return &refusal{code: codes.Unavailable, text: textNotReady} }

// unavailable is the answer when the database cannot be asked.
func unavailable(doing string, err error) error {
	return &failure{refusal{code: codes.Unavailable, text: doing + " failed"}, err}
}

// aborted is the answer to a write of which nothing is stored; it may be sent again.
func aborted(err error) error {
	return &failure{refusal{code: codes.Aborted, text: textAborted}, err}
}

// failure is a refusal caused by an error that belongs in the log and not in the answer.
type failure struct {
	refusal
	cause error
}

func (f *failure) Error() string { return f.text + ": " + f.cause.Error() }
func (f *failure) Unwrap() error { return f.cause }

// asRefusal finds the refusal in err, nil when there is none.
func asRefusal(err error) *refusal {
	if f, ok := errors.AsType[*failure](err); ok {
		return &f.refusal
	}
	r, _ := errors.AsType[*refusal](err)
	return r
}
