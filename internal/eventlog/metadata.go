package eventlog

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/gowebpki/jcs"

	"github.com/jejak-kinerja/jejak/domain"
)

const (
	// metaVersion marks the shape below; a reader refuses any other.
	metaVersion = 1

	// MaxMetaBytes is the largest metadata of one event: seventeen short fields fit many times.
	MaxMetaBytes = 8 << 10

	// timeLayout has a fixed width, so that equal instants are equal bytes.
	timeLayout = "2006-01-02T15:04:05.000000Z"
)

// metadata is domain.Meta as stored, its keys in canonical order. The two with a
// dollar are those that EventStoreDB's own tools and projections follow.
type metadata struct {
	CausedBy     string           `json:"$causationId,omitzero"`
	CorrelatedAs string           `json:"$correlationId,omitzero"`
	Actor        domain.PersonID  `json:"actor,omitzero"`
	Authority    string           `json:"authority,omitzero"`
	Capacity     domain.Capacity  `json:"capacity,omitzero"`
	Causation    string           `json:"cause,omitzero"`
	Command      domain.CommandID `json:"cmd,omitzero"`
	Correlation  string           `json:"corr,omitzero"`
	EffectiveAt  string           `json:"effectiveAt"`
	OnBehalfOf   domain.PersonID  `json:"onBehalfOf,omitzero"`
	Policy       string           `json:"policy,omitzero"`
	Reason       domain.Sealed    `json:"reason,omitzero"`
	RecordedAt   string           `json:"recordedAt"`
	Request      string           `json:"req,omitzero"`
	Salt         string           `json:"salt,omitzero"`
	Source       domain.Source    `json:"source,omitzero"`
	Trace        string           `json:"traceparent,omitzero"`
	Version      int              `json:"v"`
}

// encodeMeta gives the canonical bytes of an event's metadata.
func encodeMeta(m domain.Meta) ([]byte, error) {
	raw, err := json.Marshal(metadata{
		Version: metaVersion, Actor: m.Actor, Capacity: m.Capacity, OnBehalfOf: m.OnBehalfOf, Authority: m.Authority,
		Reason: m.Reason, Source: m.Source, Policy: m.Policy, Correlation: m.Correlation, Causation: m.Causation,
		Command: m.Command, Request: m.Request, Salt: m.Salt, Trace: m.Trace,
		RecordedAt: m.RecordedAt.UTC().Format(timeLayout), EffectiveAt: m.EffectiveAt.UTC().Format(timeLayout),
		CorrelatedAs: m.Correlation, CausedBy: m.Causation,
	})
	if err != nil {
		return nil, fmt.Errorf("encode the metadata: %w", err)
	}
	data, err := canonical(raw)
	if err != nil {
		return nil, fmt.Errorf("encode the metadata: %w", err)
	}
	if len(data) > MaxMetaBytes {
		return nil, fmt.Errorf("encode the metadata: %d bytes are more than %d", len(data), MaxMetaBytes)
	}
	return data, nil
}

// canonical gives the canonical form of an object whose keys are in canonical
// order already: without escapes there is nothing left to do, which makes the
// usual case ten times faster.
func canonical(ordered []byte) ([]byte, error) {
	if bytes.IndexByte(ordered, '\\') < 0 {
		return ordered, nil
	}
	return jcs.Transform(ordered)
}

// decodeMeta reads what encodeMeta wrote, and nothing else: unknown fields, other
// versions, and any bytes that are not the canonical form are errors. Otherwise
// the event line made from the decoded metadata would not be the stored one.
func decodeMeta(data []byte) (domain.Meta, error) {
	if len(data) > MaxMetaBytes {
		return domain.Meta{}, fmt.Errorf("decode the metadata: %d bytes are more than %d", len(data), MaxMetaBytes)
	}
	if stored, ok := flat(data); ok {
		if m, err := stored.meta(); err == nil && stored.whole() {
			return m, nil
		}
	}
	var stored metadata
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	err := dec.Decode(&stored)
	if stored.Version > metaVersion {
		return domain.Meta{}, fmt.Errorf("decode the metadata: version %d is unknown, this program reads version %d", stored.Version, metaVersion)
	}
	if err != nil {
		return domain.Meta{}, fmt.Errorf("decode the metadata: %w", err)
	}
	m, err := stored.meta()
	if err != nil {
		return domain.Meta{}, err
	}
	again, err := encodeMeta(m)
	if err != nil {
		return domain.Meta{}, err
	}
	if !bytes.Equal(again, data) {
		return domain.Meta{}, fmt.Errorf("decode the metadata: it is not in canonical form")
	}
	return m, nil
}

func (s metadata) meta() (domain.Meta, error) {
	recorded, err := moment(s.RecordedAt)
	if err != nil {
		return domain.Meta{}, fmt.Errorf("decode the metadata: recordedAt: %w", err)
	}
	effective, err := moment(s.EffectiveAt)
	if err != nil {
		return domain.Meta{}, fmt.Errorf("decode the metadata: effectiveAt: %w", err)
	}
	return domain.Meta{
		Actor: s.Actor, Capacity: s.Capacity, OnBehalfOf: s.OnBehalfOf, Authority: s.Authority, Reason: s.Reason,
		Source: s.Source, Policy: s.Policy, Correlation: s.Correlation, Causation: s.Causation, Command: s.Command,
		Request: s.Request, RecordedAt: recorded, EffectiveAt: effective, Salt: s.Salt, Trace: s.Trace,
	}, nil
}
