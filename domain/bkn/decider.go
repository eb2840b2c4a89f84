package bkn

import (
	"strings"
	"unicode/utf8"

	"github.com/jejak-kinerja/jejak/domain"
)

// Command is an order to the stream of BKN's words about one person.
//
//sumtype:decl
type Command interface{ bknCommand() }

// Decider makes the stream "bkn-<person id>".
var Decider = domain.Decider[State, Command, Event]{
	Category: "bkn",
	Initial:  func() State { return State{} },
	Decide:   Decide,
	Evolve:   Evolve,
}

// Decide answers a command.
func Decide(s State, command Command) ([]Event, error) {
	switch c := command.(type) {
	case ReportPlan:
		return decideReportPlan(s, c)
	case ReportPredicate:
		return decideReportPredicate(s, c)
	}
	return nil, domain.Bad("", "command-unknown", "%T is no command of a BKN record", command)
}

const (
	// MaxPlanRunes is the longest id of a plan that BKN may give: its ids are UUIDs
	// and numbers.
	MaxPlanRunes = 64
	// MaxStatusRunes is the longest status: a word or two.
	MaxStatusRunes = 60
)

// checkShort refuses a wording of BKN that is longer than it can honestly be.
func checkShort(field, wording string, most int) error {
	if err := domain.CheckWording(field, wording); err != nil {
		return err
	}
	if utf8.RuneCountInString(wording) > most {
		return domain.Bad(field, "wording-too-long", "%s may have at most %d characters", field, most)
	}
	return nil
}

// digestLength of a SHA-256 in hex.
const digestLength = 64

func (s Source) check() error {
	if len(s.File) != digestLength || strings.Trim(s.File, "0123456789abcdef") != "" {
		return domain.Bad("source.file", "digest-malformed", "file is a SHA-256 in hex")
	}
	if s.UpdatedOn == "" {
		return nil
	}
	return domain.CheckDate("source.updated_on", s.UpdatedOn)
}

// checkSpan refuses days that are none, or in the wrong order.
func checkSpan(field string, from, until domain.Date) error {
	if err := domain.CheckDate(field+".from", from); err != nil {
		return err
	}
	if err := domain.CheckDate(field+".until", until); err != nil {
		return err
	}
	if until < from {
		return domain.Bad(field, "span-backwards", "%s ends before it begins", field)
	}
	return nil
}
