// Package inbox answers: what waits for me, and since when?
package inbox

import "github.com/jejak-kinerja/jejak/projections"

// Name of the read model.
const Name = "inbox_v1"

// Projection fills the read model.
func Projection() projections.Projection {
	return projections.Projection{Name: Name, Schema: schema, Tables: []string{"inbox_v1_stream", "inbox_v1_item"}, Apply: apply}
}

// Stream keeps the two sides of a matter: the person it is about and the other
// one (appraiser, superior, giver). Open says that an answer is due anew when the
// matter changes: a submitted plan, an acknowledged report.
const schema = `
create table if not exists inbox_v1_stream (
	stream text collate "C" primary key, person text not null, other text not null, open boolean not null default false,
	position bigint not null);
create table if not exists inbox_v1_item (
	person text collate "C", task text collate "C", stream text collate "C", about text not null,
	since timestamptz not null, position bigint not null, primary key (stream, task, person));
create index if not exists inbox_v1_item_person on inbox_v1_item (person, since, stream, task);
`
