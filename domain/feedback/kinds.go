package feedback

// Relation of the giver to the person, at that time.
type Relation string

const (
	// FromSuperior, direct or above. Istilah: atasan.
	FromSuperior Relation = "atasan"
	// FromPeer in any unit. Istilah: rekan kerja.
	FromPeer Relation = "rekan"
	// FromSubordinate of the person. Istilah: bawahan.
	FromSubordinate Relation = "bawahan"
)

// Relations lists every relation.
var Relations = []Relation{FromSuperior, FromPeer, FromSubordinate}

// Tone is what the feedback wants to do; it is no score.
type Tone string

const (
	// Praise for what went well. Istilah: apresiasi.
	Praise Tone = "apresiasi"
	// Advice on what could go better. Istilah: saran.
	Advice Tone = "saran"
	// Concern about what must change. Istilah: perhatian.
	Concern Tone = "perhatian"
)

// Tones lists every tone.
var Tones = []Tone{Praise, Advice, Concern}
