package web

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// gathering collects the people and texts that a page will show, to be revealed
// in one question each.
type gathering struct {
	people map[domain.PersonID]bool
	texts  map[domain.Sealed]bool
}

func gather() *gathering {
	return &gathering{map[domain.PersonID]bool{}, map[domain.Sealed]bool{}}
}

func (g *gathering) person(ids ...domain.PersonID) *gathering {
	for _, id := range ids {
		if id != "" {
			g.people[id] = true
		}
	}
	return g
}

func (g *gathering) text(digests ...domain.Sealed) *gathering {
	for _, d := range digests {
		if d != "" {
			g.texts[d] = true
		}
	}
	return g
}

// reveal puts names and texts into the page's view.
func (s *Site) reveal(ctx context.Context, g *gathering) error {
	v := viewOf(ctx)
	if len(g.people) > 0 {
		names, err := s.Names(ctx, slices.Sorted(maps.Keys(g.people)))
		if err != nil {
			return fmt.Errorf("reveal names: %w", err)
		}
		if v.names == nil {
			v.names = map[domain.PersonID]Name{}
		}
		maps.Copy(v.names, names)
	}
	if len(g.texts) > 0 {
		texts, err := s.Texts(ctx, slices.Sorted(maps.Keys(g.texts)))
		if err != nil {
			return fmt.Errorf("reveal texts: %w", err)
		}
		if v.texts == nil {
			v.texts = map[domain.Sealed]Text{}
		}
		maps.Copy(v.texts, texts)
	}
	return nil
}
