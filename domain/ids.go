package domain

// Identifiers are opaque: a UUID in lower case, or for things the city itself
// names (units, indicators, policies) a slug of [a-z0-9.-], at most 64 bytes.
// None of them is ever a NIP or a name.
type (
	// PersonID names a civil servant. Istilah: pegawai ASN.
	PersonID string
	// UnitID names an organisation unit. Istilah: perangkat daerah, unit kerja.
	UnitID string
	// PolicyID names a family of policy versions. Istilah: kebijakan.
	PolicyID string
	// IndicatorID names an organisation indicator. Istilah: indikator kinerja.
	IndicatorID string
	// PlanID names one plan of one person and period. Istilah: SKP.
	PlanID string
	// ResultID names a result inside a plan. Istilah: rencana hasil kerja (RHK).
	ResultID string
	// ReportID names a progress report. Istilah: laporan progres.
	ReportID string
	// FeedbackID names one piece of feedback. Istilah: umpan balik.
	FeedbackID string
	// AppraisalID names one appraisal of one person and period. Istilah: evaluasi kinerja.
	AppraisalID string
	// CommandID is the caller's Idempotency-Key, 8 to 200 visible ASCII characters.
	CommandID string
	// EventID is the UUID under which the event store knows an event.
	EventID string
)

// MaxIDBytes is the longest identifier we accept: a UUID is 36.
const MaxIDBytes = 64

// CheckID refuses an identifier that could not be part of a stream name.
func CheckID(field, id string) error {
	if id == "" {
		return Bad(field, "id-missing", "%s must not be empty", field)
	}
	if len(id) > MaxIDBytes {
		return Bad(field, "id-too-long", "%s must have at most %d bytes", field, MaxIDBytes)
	}
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return Bad(field, "id-malformed", "%s may hold a-z, 0-9, '-' and '.' only", field)
		}
	}
	return nil
}

// CheckCommandID refuses a key that cannot serve as an Idempotency-Key.
func CheckCommandID(id CommandID) error {
	if len(id) < 8 || len(id) > 200 {
		return Bad("Idempotency-Key", "idempotency-key-length", "an Idempotency-Key has 8 to 200 characters")
	}
	for _, c := range []byte(id) {
		if c <= ' ' || c > '~' {
			return Bad("Idempotency-Key", "idempotency-key-malformed", "an Idempotency-Key is visible ASCII")
		}
	}
	return nil
}
