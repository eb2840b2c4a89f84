package v1

import (
	"context"
	"time"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections/inbox"
)

// Task is one thing that waits for the caller.
type Task struct {
	Task     inbox.Task `json:"task"`
	Stream   string     `json:"stream" doc:"What it is about; the id follows the first dash"`
	About    *Person    `json:"about,omitempty" doc:"The other person"`
	Since    time.Time  `json:"since"`
	Position uint64     `json:"position"`
}

func (k *desk) inbox() {
	read(k, operation{id: "list-inbox", path: "/v1/inbox", tag: "me", summary: "What waits for you, the longest first"},
		func(ctx context.Context, in *struct {
			Listing
			Task inbox.Task `query:"task" maxLength:"64" doc:"Only this task"`
		}) (*Page[Task], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			rows, err := inbox.Items(ctx, k.Read, caller.From(ctx).Person, in.Task, in.page())
			if err != nil {
				return nil, err
			}
			var people []domain.PersonID
			for _, r := range rows.Items {
				people = append(people, r.About)
			}
			l, err := k.legend(ctx, nil, people)
			if err != nil {
				return nil, err
			}
			var tasks []Task
			for _, r := range rows.Items {
				tasks = append(tasks, Task{Task: r.Task, Stream: r.Stream, About: l.person(r.About), Since: r.Since, Position: r.Position})
			}
			query := in.sized()
			if in.Task != "" {
				query.Set("task", string(in.Task))
			}
			page := pageOf(tasks, rows.Next, "/v1/inbox", query)
			page.Fresh = fresh
			return page, nil
		})
}
