package eventlog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gowebpki/jcs"

	"github.com/jejak-kinerja/jejak/domain"
)

const (
	// metaVersion marks the shape below; a reader refuses any other.
	metaVersion = 1

	// MaxMetaBytes is the largest metadata of one event: sixteen short fields fit many times.
	MaxMetaBytes = 8 << 10

	// timeLayout has a fixed width, so that equal instants are equal bytes.
	timeLayout = "2006-01-02T15:04:05.000000Z"
)

// metadata is domain.Meta as stored. The two keys with a dollar are those that
// EventStoreDB's own tools and projections follow.
type metadata struct {
	Version      int              `json:"v"`
	Actor        domain.PersonID  `json:"actor,omitzero"`
	Capacity     domain.Capacity  `json:"capacity,omitzero"`
	OnBehalfOf   domain.PersonID  `json:"onBehalfOf,omitzero"`
	Authority    string           `json:"authority,omitzero"`
	Reason       domain.Sealed    `json:"reason,omitzero"`
	Source       domain.Source    `json:"source,omitzero"`
	Policy       string           `json:"policy,omitzero"`
	Correlation  string           `json:"corr,omitzero"`
	Causation    string           `json:"cause,omitzero"`
	Command      domain.CommandID `json:"cmd,omitzero"`
	Request      string           `json:"req,omitzero"`
	RecordedAt   string           `json:"recordedAt"`
	EffectiveAt  string           `json:"effectiveAt"`
	Salt         string           `json:"salt,omitzero"`
	CorrelatedAs string           `json:"$correlationId,omitzero"`
	CausedBy     string           `json:"$causationId,omitzero"`
}

// encodeMeta gives the canonical bytes of an event's metadata.
func encodeMeta(m domain.Meta) ([]byte, error) {
	raw, err := json.Marshal(metadata{
		Version: metaVersion, Actor: m.Actor, Capacity: m.Capacity, OnBehalfOf: m.OnBehalfOf, Authority: m.Authority,
		Reason: m.Reason, Source: m.Source, Policy: m.Policy, Correlation: m.Correlation, Causation: m.Causation,
		Command: m.Command, Request: m.Request, Salt: m.Salt,
		RecordedAt: m.RecordedAt.UTC().Format(timeLayout), EffectiveAt: m.EffectiveAt.UTC().Format(timeLayout),
		CorrelatedAs: m.Correlation, CausedBy: m.Causation,
	})
	if err != nil {
		return nil, fmt.Errorf("encode the metadata: %w", err)
	}
	data, err := jcs.Transform(raw)
	if err != nil {
		return nil, fmt.Errorf("encode the metadata canonically: %w", err)
	}
	if len(data) > MaxMetaBytes {
		return nil, fmt.Errorf("encode the metadata: %d bytes are more than %d", len(data), MaxMetaBytes)
	}
	return data, nil
}

// decodeMeta reads what encodeMeta wrote, and nothing else: unknown fields, other
// versions, and any bytes that are not the canonical form are errors. Otherwise
// the event line made from the decoded metadata would not be the stored one.
func decodeMeta(data []byte) (domain.Meta, error) {
	if len(data) > MaxMetaBytes {
		return domain.Meta{}, fmt.Errorf("decode the metadata: %d bytes are more than %d", len(data), MaxMetaBytes)
	}
	var version struct {
		V int `json:"v"`
	}
	if err := json.Unmarshal(data, &version); err != nil {
		return domain.Meta{}, fmt.Errorf("decode the metadata: %w", err)
	}
	if version.V != metaVersion {
		return domain.Meta{}, fmt.Errorf("decode the metadata: version %d is unknown, this program reads version %d", version.V, metaVersion)
	}
	var stored metadata
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&stored); err != nil {
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
	recorded, err := time.Parse(timeLayout, s.RecordedAt)
	if err != nil {
		return domain.Meta{}, fmt.Errorf("decode the metadata: recordedAt: %w", err)
	}
	effective, err := time.Parse(timeLayout, s.EffectiveAt)
	if err != nil {
		return domain.Meta{}, fmt.Errorf("decode the metadata: effectiveAt: %w", err)
	}
	return domain.Meta{
		Actor: s.Actor, Capacity: s.Capacity, OnBehalfOf: s.OnBehalfOf, Authority: s.Authority, Reason: s.Reason,
		Source: s.Source, Policy: s.Policy, Correlation: s.Correlation, Causation: s.Causation, Command: s.Command,
		Request: s.Request, RecordedAt: recorded, EffectiveAt: effective, Salt: s.Salt,
	}, nil
}
