package eventlog

import (
	"slices"
	"strings"
)

// references finds runs under way by what they can be called by: the stream, its
// id without the category, the ids of its events.
type references map[string][]*fillRun

func (r references) add(run *fillRun) {
	for _, name := range run.names {
		r[name] = append(r[name], run)
	}
}

func (r references) remove(run *fillRun) {
	for _, name := range run.names {
		others := slices.DeleteFunc(r[name], func(o *fillRun) bool { return o == run })
		if r[name] = others; len(others) == 0 {
			delete(r, name)
		}
	}
}

// named says whether a run names one that is under way in another stream, in the
// bodies or the metadata of its events, or is about the same id. Its own stream is
// kept in order by the expected revision.
func (r references) named(run *fillRun) bool {
	return slices.ContainsFunc(run.named, func(word string) bool {
		return slices.ContainsFunc(r[word], func(o *fillRun) bool { return o.stream != run.stream })
	})
}

// idOf leaves the category of a stream's name away.
func idOf(stream string) string {
	_, id, _ := strings.Cut(stream, "-")
	return id
}

// words gives the texts of a JSON document that could be ids: letters, digits,
// hyphens and full stops between quotation marks.
func words(document []byte) (list []string) {
	begin := -1
	for n, c := range document {
		switch {
		case c == '"':
			if begin >= 0 && n > begin {
				list = append(list, string(document[begin:n]))
			}
			begin = n + 1
		case begin >= 0 && !isIDLetter(c):
			begin = -1
		}
	}
	return list
}

func isIDLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.'
}
