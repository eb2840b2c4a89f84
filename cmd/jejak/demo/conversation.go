package demo

import (
	"context"
	"time"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/feedback"
)

// How many of a hundred pieces of feedback take a turn.
const (
	readPercent    = 82
	repliedPercent = 25
	disputePercent = 1
	peerPercent    = 12
	aboutPercent   = 40
)

// hear is the year's feedback: some superiors speak often, some hardly ever.
func (l *life) hear(ctx context.Context) error {
	if l.superior == "" {
		return nil
	}
	often := 2 + rngOf(l.options.Seed+2, l.member.superior).IntN(7)
	for n := range often {
		month := time.Month(1 + (n*12+l.rng.IntN(12))/often)
		t := l.workday(l.rng, l.year(), min(month, time.December), 1+l.rng.IntN(27))
		by := l.superior
		if l.chance(peerPercent) {
			by = l.peer()
		}
		if !l.past(t) || by == "" {
			continue
		}
		if err := l.told(ctx, t, by, n); err != nil {
			return err
		}
	}
	return nil
}

// peer is the colleague next in line, if there is one under the same superior.
func (l *life) peer() domain.PersonID {
	if l.index == 0 || l.members[l.index-1].superior != l.member.superior {
		return ""
	}
	return l.members[l.index-1].id
}

func (l *life) told(ctx context.Context, t time.Time, by domain.PersonID, n int) error {
	in := commands.GiveFeedback{About: l.id}
	switch dice := l.rng.IntN(10); {
	case dice < 5:
		in.Tone, in.Text = feedback.Praise, pick(l.rng, praise)
	case dice < 9:
		in.Tone, in.Text = feedback.Advice, pick(l.rng, advice)
	default:
		in.Tone, in.Text = feedback.Concern, pick(l.rng, concerns)
	}
	if report, ok := l.lastReport(t); ok && by == l.superior && l.chance(aboutPercent) {
		in.Report = report
	} else if l.chance(aboutPercent) {
		in.Value = pick(l.rng, domain.Values)
	}
	out, err := l.at(t).GiveFeedback(ctx, l.ask(by, "feedback", l.index, n), in)
	if err != nil {
		return err
	}
	return l.listened(ctx, domain.FeedbackID(out.ID()), t, n)
}

// lastReport before a moment.
func (l *life) lastReport(t time.Time) (id domain.ReportID, ok bool) {
	for _, r := range l.reports {
		if r.on < l.day(t) {
			id, ok = r.id, true
		}
	}
	return id, ok
}

// listened is what the person does with it.
func (l *life) listened(ctx context.Context, id domain.FeedbackID, t time.Time, n int) error {
	if t = l.later(l.rng, t, l.rng.IntN(3)); !l.past(t) || !l.chance(readPercent) {
		return nil
	}
	if _, err := l.at(t).ReadFeedback(ctx, l.ask(l.id, "read", l.index, n), id); err != nil {
		return err
	}
	if t = l.later(l.rng, t, 1); !l.past(t) {
		return nil
	}
	switch dice := l.rng.IntN(100); {
	case dice < disputePercent:
		_, err := l.at(t).DisputeFeedback(ctx, l.ask(l.id, "dispute", l.index, n), commands.DisputeFeedback{Feedback: id, Reason: pick(l.rng, disputes)})
		return err
	case dice < repliedPercent:
		_, err := l.at(t).ReplyFeedback(ctx, l.ask(l.id, "reply", l.index, n), commands.ReplyFeedback{Feedback: id, Text: pick(l.rng, replies)})
		return err
	default:
		return nil
	}
}
