package person

import "github.com/jejak-kinerja/jejak/domain"

// EndPost ends a holding without a successor. Istilah: berhentikan dari jabatan.
type EndPost struct {
	Post    string
	LastDay domain.Date
}

func (EndPost) personCommand() {}

func decideEndPost(s State, c EndPost) ([]Event, error) {
	if err := known(s); err != nil {
		return nil, err
	}
	if err := domain.CheckDate("last_day", c.LastDay); err != nil {
		return nil, err
	}
	for _, p := range s.Posts {
		switch {
		case p.Key != c.Post:
			continue
		case p.Span.Until == c.LastDay:
			return nil, nil
		case p.Span.Until != "":
			return nil, domain.Refuse("post-already-ended", "this post ended on %s", p.Span.Until)
		case c.LastDay < p.Span.From:
			return nil, domain.Bad("last_day", "last-day-before-start", "the post began on %s", p.Span.From)
		}
		return []Event{PostEnded(c)}, nil
	}
	return nil, domain.Missing("post-unknown", "the person holds no post %s", c.Post)
}
