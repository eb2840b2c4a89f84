package engine

import "strconv"

// Count is a number of facts that somebody counted; Unknown when nobody did.
// Positions are no numbers of facts: on a cluster they are places in a file.
type Count int64

// Unknown is the Count of what nobody has counted.
const Unknown Count = -1

// counted is the Count of a column that may be null.
func counted(column *int64) Count {
	if column == nil {
		return Unknown
	}
	return Count(*column)
}

// Known says that it was counted.
func (c Count) Known() bool { return c >= 0 }

// String gives the number, "" for Unknown.
func (c Count) String() string {
	if !c.Known() {
		return ""
	}
	return strconv.FormatInt(int64(c), 10)
}

func (c Count) plus(facts int) Count {
	if !c.Known() {
		return Unknown
	}
	return c + Count(facts)
}

// minus is the number between two counts, 0 at least.
func (c Count) minus(less Count) Count {
	if !c.Known() || !less.Known() {
		return Unknown
	}
	return max(0, c-less)
}
