package main

import "github.com/jejak-kinerja/jejak/internal/eventlog"

// tries are what a name may do, in words.
type tries eventlog.Tries

// lacks names what the product needs and the name may not.
func (t tries) lacks() (list []string) {
	if !t.ReadAll {
		list = append(list, "read the whole log")
	}
	if !t.Append {
		list = append(list, "append")
	}
	return list
}

// needless names what the name may do and the product never does.
func (t tries) needless() (list []string) {
	for _, right := range []struct {
		may  bool
		what string
	}{{t.Delete, "delete"}, {t.Tombstone, "delete for ever"}, {t.WriteMetadata, "write metadata, which hides events"}} {
		if right.may {
			list = append(list, right.what)
		}
	}
	return list
}
