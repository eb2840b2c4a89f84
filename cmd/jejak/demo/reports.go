package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

// written is a report that counts for a result.
type written struct {
	id     domain.ReportID
	result domain.ResultID
	on     domain.Date
	amount domain.Decimal
}

// How many of a hundred reports or months take a turn.
const (
	secondPercent       = 20
	skippedPercent      = 8
	acknowledgedPercent = 74
	questionedPercent   = 7
	answeredPercent     = 80
	correctedPercent    = 3
)

// work reports about once a month, sometimes twice, sometimes not at all.
func (l *life) work(ctx context.Context) error {
	if len(l.results) == 0 {
		return nil
	}
	n := 0
	for month := time.January; month <= time.December; month++ {
		times := 1
		switch {
		case l.chance(skippedPercent):
			times = 0
		case l.chance(secondPercent):
			times = 2
		}
		for range times {
			t := l.workday(l.rng, l.year(), month, 2+l.rng.IntN(25))
			if month == time.January {
				t = l.workday(l.rng, l.year(), month, 22+l.rng.IntN(7))
			}
			if !l.past(t) {
				return nil
			}
			if err := l.write(ctx, t, n); err != nil {
				return err
			}
			n++
		}
	}
	return nil
}

func (l *life) write(ctx context.Context, t time.Time, n int) error {
	r := pick(l.rng, l.results)
	quantity := max(1, r.perReport*(75+l.rng.IntN(55))/100)
	in := commands.ReportProgress{Plan: l.plan, Result: r.id, On: l.day(t), Quantity: domain.Whole(int64(quantity)),
		Measure: r.measure, Text: fmt.Sprintf(pick(l.rng, r.reports), quantity)}
	out, err := l.at(t).ReportProgress(ctx, l.ask(l.id, "report", l.index, n), in)
	if err != nil {
		return err
	}
	report := written{domain.ReportID(out.ID()), r.id, in.On, in.Quantity}
	l.reports = append(l.reports, report)
	if l.chance(correctedPercent) {
		if t = l.later(l.rng, t, 1); !l.past(t) {
			return nil
		}
		fix := commands.CorrectProgress{Report: report.id, Quantity: in.Quantity + domain.Whole(1), Measure: in.Measure, Text: in.Text, Reason: pick(l.rng, corrections)}
		if _, err := l.at(t).CorrectProgress(ctx, l.ask(l.id, "correct", l.index, n), fix); err != nil {
			return err
		}
	}
	return l.answered(ctx, report.id, l.later(l.rng, t, l.rng.IntN(6)), n)
}

// answered is the superior's answer, if one comes.
func (l *life) answered(ctx context.Context, id domain.ReportID, t time.Time, n int) error {
	if l.superior == "" || !l.past(t) {
		return nil
	}
	switch dice := l.rng.IntN(100); {
	case dice < questionedPercent:
		in := commands.QuestionProgress{Report: id, Question: pick(l.rng, questions)}
		if _, err := l.at(t).QuestionProgress(ctx, l.ask(l.superior, "question", l.index, n), in); err != nil {
			return err
		}
		if t = l.later(l.rng, t, 1); !l.past(t) || !l.chance(answeredPercent) {
			return nil
		}
		if _, err := l.at(t).AnswerProgress(ctx, l.ask(l.id, "answer", l.index, n), commands.AnswerProgress{Report: id, Answer: pick(l.rng, answers)}); err != nil {
			return err
		}
		if t = l.later(l.rng, t, 1); !l.past(t) {
			return nil
		}
	case dice >= questionedPercent+acknowledgedPercent:
		return nil
	}
	_, err := l.at(t).AcknowledgeProgress(ctx, l.ask(l.superior, "acknowledge", l.index, n),
		commands.AcknowledgeProgress{Report: id, Note: pick(l.rng, acknowledgements)})
	return err
}
