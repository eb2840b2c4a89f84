// Package catalog lists every read model, one line each.
package catalog

import (
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	"github.com/jejak-kinerja/jejak/projections/cityhome"
	"github.com/jejak-kinerja/jejak/projections/directory"
	"github.com/jejak-kinerja/jejak/projections/inbox"
	"github.com/jejak-kinerja/jejak/projections/personpage"
	"github.com/jejak-kinerja/jejak/projections/unitpage"
)

// All gives the read models in a fixed order.
func All() []projections.Projection {
	return []projections.Projection{
		directory.Projection(),
		cityhome.Projection(),
		unitpage.Projection(),
		personpage.Projection(),
		audittrail.Projection(),
		inbox.Projection(),
	}
}
