package domain

// Value is one of the seven core values of civil servants. Istilah: nilai dasar BerAKHLAK.
type Value string

const (
	// ServiceMinded serves the public. Istilah: berorientasi pelayanan.
	ServiceMinded Value = "berorientasi-pelayanan"
	// Accountable answers for what is entrusted. Istilah: akuntabel.
	Accountable Value = "akuntabel"
	// Competent keeps learning. Istilah: kompeten.
	Competent Value = "kompeten"
	// Harmonious cares for others. Istilah: harmonis.
	Harmonious Value = "harmonis"
	// Loyal to the state. Istilah: loyal.
	Loyal Value = "loyal"
	// Adaptive to change. Istilah: adaptif.
	Adaptive Value = "adaptif"
	// Collaborative across borders. Istilah: kolaboratif.
	Collaborative Value = "kolaboratif"
)

// Values lists the seven in their official order.
var Values = []Value{ServiceMinded, Accountable, Competent, Harmonious, Loyal, Adaptive, Collaborative}
