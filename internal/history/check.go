package history

import (
	"fmt"
	"strings"
)

// MaxViolations is how many faults one check tells.
const MaxViolations = 100

// Kind is which promise was broken.
type Kind string

// The promises, by how they are broken.
const (
	Lost      Kind = "lost"      // acknowledged and not stored
	Doubled   Kind = "doubled"   // stored more than once
	Reordered Kind = "reordered" // stored before what had been acknowledged when it was sent
	Moved     Kind = "moved"     // stored elsewhere than was answered
	Stranger  Kind = "stranger"  // stored and never sent
	Gap       Kind = "gap"       // a position or a revision is missing or repeated
	Unheard   Kind = "unheard"   // acknowledged and never sent: the writers themselves are wrong
	Unlooked  Kind = "unlooked"  // nobody has looked into the store yet
)

// Violation is one broken promise.
type Violation struct {
	Kind   Kind
	Detail string
}

// String says it in a line.
func (v Violation) String() string { return string(v.Kind) + ": " + v.Detail }

// judge hears a history line by line and then says what is wrong with it. Times
// are numbers of lines.
type judge struct {
	sent         map[string]int // first time
	acknowledged map[string]acknowledgement
	order        []acknowledgement // by time
	time         int

	looked  bool
	holds   int
	foreign uint64
	events  []Event
}

type acknowledgement struct {
	key      string
	time     int
	position uint64 // as answered; 0 when not said
}

func newJudge() judge {
	return judge{sent: map[string]int{}, acknowledged: map[string]acknowledgement{}}
}

func (j *judge) hear(l line) {
	j.time++
	switch {
	case l.Sent != "":
		if _, again := j.sent[l.Sent]; !again {
			j.sent[l.Sent] = j.time
		}
	case l.Acknowledged != "":
		if _, again := j.acknowledged[l.Acknowledged]; !again {
			a := acknowledgement{key: l.Acknowledged, time: j.time, position: l.Position}
			j.acknowledged[a.key] = a
			j.order = append(j.order, a)
		}
	case l.Holds != nil:
		j.looked, j.holds, j.foreign, j.events = true, *l.Holds, l.Foreign, nil
	case l.Stored != nil:
		j.events = append(j.events, l.event())
	}
}

func (j *judge) counts() (acknowledged, unknown int) {
	return len(j.acknowledged), len(j.sent) - len(j.acknowledged)
}

// whole says whether the store's content was told to its end.
func (j *judge) whole() bool { return j.looked && j.holds == len(j.events) }

// check compares, in time linear in the history.
func (j *judge) check() []Violation {
	if !j.whole() {
		return []Violation{{Unlooked, fmt.Sprintf("%d of %d events of the store are told", len(j.events), j.holds)}}
	}
	var found []Violation
	tell := func(k Kind, format string, args ...any) {
		if len(found) < MaxViolations {
			found = append(found, Violation{k, fmt.Sprintf(format, args...)})
		}
	}
	places := j.checkLog(tell)
	for _, a := range j.order {
		position, stored := places[a.key]
		switch _, sent := j.sent[a.key]; {
		case !sent:
			tell(Unheard, "%s was acknowledged and nobody had sent it", a.key)
		case !stored:
			tell(Lost, "%s was acknowledged and is not stored", a.key)
		case a.position != 0 && a.position != position:
			tell(Moved, "%s was acknowledged at position %d and stands at %d", a.key, a.position, position)
		}
	}
	j.checkOrder(places, tell)
	return found
}

// checkLog looks at the log by itself, and gives each key's first position.
func (j *judge) checkLog(tell func(Kind, string, ...any)) map[string]uint64 {
	places, next, position := map[string]uint64{}, map[string]uint64{}, uint64(0)
	for _, e := range j.events {
		position++
		if e.Position != position {
			tell(Gap, "position %d stands where %d should be", e.Position, position)
			position = e.Position // told once, not for all that follow
		}
		if e.Revision != next[e.Stream] {
			tell(Gap, "%s has revision %d where %d should be", e.Stream, e.Revision, next[e.Stream])
		}
		next[e.Stream] = e.Revision + 1
		if _, sent := j.sent[e.Key]; !sent {
			if e.Position > j.foreign && !strings.HasPrefix(e.Stream, "$") {
				tell(Stranger, "position %d (%s, key %q) was asked for by nobody", e.Position, e.Stream, e.Key)
			}
			continue // others may say several facts under one key
		}
		if first, again := places[e.Key]; again {
			tell(Doubled, "%s is stored at %d and again at %d", e.Key, first, e.Position)
			continue
		}
		places[e.Key] = e.Position
	}
	return places
}

// checkOrder walks through the log with the latest time at which an event was
// sent: whoever comes later in the log must not have been acknowledged before it.
func (j *judge) checkOrder(places map[string]uint64, tell func(Kind, string, ...any)) {
	latest, of := 0, ""
	for _, e := range j.events {
		sent, ours := j.sent[e.Key]
		if !ours || places[e.Key] != e.Position {
			continue
		}
		if a, ok := j.acknowledged[e.Key]; ok && a.time < latest {
			tell(Reordered, "%s stands before %s (position %d), which was sent after that was acknowledged", of, e.Key, e.Position)
		}
		if sent > latest {
			latest, of = sent, e.Key
		}
	}
}
