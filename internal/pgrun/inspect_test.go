package pgrun

import "testing"

func TestTheHolderIsFoundInTheKernelsListOfLocks(t *testing.T) {
	list := []byte("1: POSIX  ADVISORY  WRITE 11 08:01:5678 0 EOF\n2: FLOCK  ADVISORY  WRITE 22 08:01:5678 0 EOF\n" +
		"2: -> FLOCK  ADVISORY  WRITE 33 08:01:5678 0 EOF\n3: FLOCK  ADVISORY  WRITE 44 00:2b:9999 0 EOF\n")
	for _, c := range []struct {
		dev, ino uint64
		noted    int
		want     int
	}{
		{0x0801, 5678, 0, 22},
		{0x0802, 5678, 22, 22}, // another device, but the holder's own note
		{0x0802, 5678, 55, 0},
		{0x0801, 1, 22, 0},
		{0x002b, 9999, 0, 44},
	} {
		if got := lockedBy(list, c.dev, c.ino, c.noted); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}
