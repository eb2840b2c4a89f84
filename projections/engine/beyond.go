package engine

import (
	"context"
	"time"
)

// Beyond is what the log holds beyond a place. An alias, so that whoever looks at
// the log can name the same type without importing this package.
type Beyond = struct {
	// Missing: the log holds no event at the place itself, so it is not the log that
	// the place was taken from, or an older state of it.
	Missing  bool
	First    uint64    // position of the first fact beyond; 0 for none
	StoredAt time.Time // of that fact
	Facts    int       // how many there are, or with More: at least
	More     bool
}

// LookBeyond looks at the log beyond an event's position, or from its beginning for
// 0. It fails when the log cannot be asked.
type LookBeyond func(ctx context.Context, position uint64) (Beyond, error)

// answers are what the log said about the places of read models.
type answers struct {
	found map[uint64]Beyond
	away  error // why it could not be asked
	// foremost is the read model that is furthest in the log.
	foremost Standing
}

// ask looks beyond the place of each read model, once for those at the same place,
// and not again when the log does not answer.
func ask(ctx context.Context, beyond LookBeyond, standings map[string]Standing) answers {
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	a := answers{found: map[uint64]Beyond{}}
	places := map[uint64]bool{}
	for _, s := range standings {
		places[s.Position] = true
		if a.foremost.Projection == "" || s.Position > a.foremost.Position {
			a.foremost = s
		}
	}
	if len(places) == 0 {
		places[0] = true // the database is away, and the log is asked whether it is there
	}
	for place := range places {
		found, err := beyond(ctx, place)
		if err != nil {
			a.away = err
			return a
		}
		a.found[place] = found
	}
	return a
}

// behind counts the facts beyond a model: those that were met there, or those up to
// the foremost model, whose number both keep, and those met beyond that.
func (a answers) behind(s Standing) Count {
	if found := a.found[s.Position]; !found.More {
		return Count(found.Facts)
	}
	rest, answered := a.found[a.foremost.Position]
	between := a.foremost.Facts.minus(s.Facts)
	if !answered || rest.Missing || rest.More || !between.Known() {
		return Unknown
	}
	return between.plus(rest.Facts)
}
