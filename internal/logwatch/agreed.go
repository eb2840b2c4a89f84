package logwatch

import "context"

// Agreed finds up to which position a log is the same as the one that the database
// has seen: the last event seen there that the log has at its place. Two logs that
// part never meet again, so a search by halves finds it. last gives the last event
// that was seen up to a position, and false when there is none.
func Agreed(ctx context.Context, log Log, last func(ctx context.Context, upTo uint64) (Place, bool, error)) (uint64, error) {
	agreed := uint64(0)
	lowest, highest := uint64(0), uint64(1)<<63-1 // it lies between the two
	for lowest < highest {
		middle := lowest + (highest-lowest+1)/2
		seen, ok, err := last(ctx, middle)
		if err != nil {
			return 0, err
		}
		if !ok || seen.Commit <= agreed { // nothing was seen in between
			lowest = middle
			continue
		}
		id, there, err := log.At(ctx, seen.Commit, seen.Prepare)
		switch {
		case err != nil:
			return 0, err
		case there && id == seen.ID:
			lowest, agreed = middle, seen.Commit
		default:
			highest = seen.Commit - 1
		}
	}
	return agreed, nil
}
