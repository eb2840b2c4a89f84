package audittrail

import "strconv"

// blockFacts is how many facts about a person make a block: compressed, 2 to 3 KiB,
// so that a page of PostgreSQL holds two and none is stored in pieces.
const blockFacts = 16

// What happened to a person lies all over the trail, for a trail grows in the
// order of the log. So every 16 facts about a person are also kept in one row,
// compressed together: a history is read from few rows, and from the trail itself
// only what no block holds yet. A block is written once. Which facts it holds
// follows from the log alone, however the facts came in batches. A fact that comes
// late (its stream was parked) moves those after it: the blocks from there on are
// written anew.
//
// fillBlocks goes on from added, the rows that have just been added to the trail.
// A statement does not see what it adds itself, so these are put beside the rest.
var fillBlocks = `, grown as (
	insert into audittrail_v3_person as p select subject, count(*) from added where subject <> '' group by subject
	on conflict (subject) do update set facts = p.facts + excluded.facts returning subject, facts),
ripe as (
	select g.subject, g.facts / ` + perBlock + ` as whole, coalesce(b.number + 1, 0) as next, coalesce(b.position, 0) as after
	from grown g join (select subject, min(position) as first from added where subject <> '' group by subject) a using (subject)
		left join lateral (select number, position from audittrail_v3_block b where b.subject = g.subject and b.position < a.first
			order by number desc limit 1) b on true
	where g.facts / ` + perBlock + ` > coalesce(b.number + 1, 0)),
loose as (
	select r.*, f.position, record_send(f) as fact from ripe r, lateral (
		select * from audittrail_v3_fact f where f.subject = r.subject and f.subject <> '' and f.position > r.after offset 0) f
	union all
	select r.*, a.position, record_send(a) from ripe r join added a using (subject)),
numbered as (
	select *, next + (row_number() over (partition by subject order by position) - 1) / ` + perBlock + ` as number from loose)
insert into audittrail_v3_block
	select subject, number, min(position), max(position), string_agg(fact, '' order by position desc)
	from numbered where number < whole group by subject, number
on conflict (subject, number) do update set first = excluded.first, position = excluded.position, facts = excluded.facts`

var perBlock = strconv.Itoa(blockFacts)
