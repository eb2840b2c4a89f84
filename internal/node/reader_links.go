package node

import (
	"context"
	"fmt"
)

const selectTargets = `select q.n, ` + eventColumnList + `
	from unnest($1::text[], $2::bigint[]) with ordinality q(name, rev, n)
	join eventstore.streams s on s.name = q.name and not s.tomb
	join eventstore.events e on e.sid = s.sid and e.rev = case when q.rev = -1 then ` + headOfStream + ` else q.rev end
	where e.rev >= greatest(s.tb, case when s.max_count > 0 then ` + headOfStream + ` - s.max_count + 1 else 0 end)
		and (s.max_age = 0 or e.created >= $3 - s.max_age * 10000000)`

// follow finds the targets of the link events in page: as long as page, nil where
// an event is no link or its target is gone.
func (r *reader) follow(ctx context.Context, page []*event) ([]*event, error) {
	targets := make([]*event, len(page))
	var names []string
	var revs []int64
	var at []int
	for i, e := range page {
		if e.typ != typeLink {
			continue
		}
		if t, ok := readLink(e.data); ok {
			names, revs, at = append(names, t.stream), append(revs, t.rev), append(at, i)
		}
	}
	if len(at) == 0 {
		return targets, nil
	}
	rows, err := r.pool.Query(ctx, selectTargets, names, revs, ticks(r.now()))
	if err != nil {
		return nil, fmt.Errorf("follow links: %w", err)
	}
	defer rows.Close()
	var d eventDecoder
	for rows.Next() {
		raw := rows.RawValues()
		e, err := d.decode(raw[1:])
		if err != nil {
			return nil, fmt.Errorf("follow links: %w", err)
		}
		n := number(raw[0]) - 1
		e.stream = names[n]
		targets[at[n]] = e
	}
	rows.Close()
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("follow links: %w", err)
	}
	return targets, nil
}
