package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
)

// How many of a hundred appraisals take a turn.
const (
	periodicPercent  = 60
	changedPercent   = 2
	deliveredPercent = 92
	receivedPercent  = 85
)

// judged is last year's annual appraisal and that of the last full quarter.
func (l *life) judged(ctx context.Context) error {
	if l.superior == "" {
		return nil
	}
	year := l.year() - 1
	span := domain.Span{From: l.service(), Until: domain.Date(fmt.Sprintf("%d-12-31", year))}
	t := l.workday(l.rng, l.year(), time.February, 2+l.rng.IntN(20))
	if err := l.appraise(ctx, t, commands.OpenAppraisal{Person: l.id, Kind: appraisal.Annual, Span: span}, "annual"); err != nil {
		return err
	}
	quarter := (int(l.options.Now.In(l.office.Zone).Month()) - 1) / 3 // full quarters of this year
	if quarter == 0 || len(l.results) == 0 || !l.chance(periodicPercent) {
		return nil
	}
	first := time.Date(l.year(), time.Month(quarter*3-2), 1, 12, 0, 0, 0, l.office.Zone)
	span = domain.Span{From: l.day(first), Until: l.day(first.AddDate(0, 3, -1))}
	t = l.workday(l.rng, l.year(), time.Month(quarter*3+1), 3+l.rng.IntN(14))
	return l.appraise(ctx, t, commands.OpenAppraisal{Person: l.id, Plan: l.plan, Kind: appraisal.Periodic, Span: span}, "periodic")
}

// appraise plays one appraisal from opening to receipt.
func (l *life) appraise(ctx context.Context, t time.Time, in commands.OpenAppraisal, act string) error {
	if !l.past(t) {
		return nil
	}
	ask := func(step string) commands.Ask { return l.ask(l.superior, act, step, l.index) }
	out, err := l.at(t).OpenAppraisal(ctx, ask("open"), in)
	if err != nil {
		return err
	}
	id := domain.AppraisalID(out.ID())
	for k, realisation := range l.realisations(id, in) {
		if _, err := l.at(t).RecordRealisation(ctx, ask(fmt.Sprint("realised", k)), realisation); err != nil {
			return err
		}
	}
	result, behaviour := rate(l.rng), rate(l.rng)
	if _, err := l.at(t).RateResult(ctx, ask("result"), commands.RateResult{Appraisal: id, Rating: result, Note: pick(l.rng, ratingNotes)}); err != nil {
		return err
	}
	if _, err := l.at(t).RateBehaviour(ctx, ask("behaviour"), l.behaved(id, behaviour)); err != nil {
		return err
	}
	if t = l.later(l.rng, t, 1); l.chance(changedPercent) && result == appraisal.AsExpected && l.past(t) {
		change := commands.ChangeScore{Appraisal: id, Dimension: appraisal.OfResult, Old: result, New: appraisal.Above, Reason: pick(l.rng, scoreReasons)}
		if _, err := l.at(t).ChangeScore(ctx, ask("change"), change); err != nil {
			return err
		}
	}
	return l.handedOver(ctx, id, l.later(l.rng, t, 2), act)
}

func (l *life) handedOver(ctx context.Context, id domain.AppraisalID, t time.Time, act string) error {
	if !l.past(t) || !l.chance(deliveredPercent) {
		return nil
	}
	if _, err := l.at(t).DeliverAppraisal(ctx, l.ask(l.superior, act, "deliver", l.index), id); err != nil {
		return err
	}
	if t = l.later(l.rng, t, 2); !l.past(t) || !l.chance(receivedPercent) {
		return nil
	}
	_, err := l.at(t).ReceiveAppraisal(ctx, l.ask(l.id, act, "receive", l.index), id)
	return err
}

// realisations are those of the plan's results; an appraisal without a plan looks
// back on the time before the ledger.
func (l *life) realisations(id domain.AppraisalID, in commands.OpenAppraisal) []commands.RecordRealisation {
	if in.Plan == "" {
		return []commands.RecordRealisation{{Appraisal: id, Result: "tahun-lalu",
			NoEvidence: "Bukti tahun lalu tersimpan pada arsip sebelum buku kerja ini dipakai."}}
	}
	var list []commands.RecordRealisation
	for _, r := range l.results {
		list = append(list, l.realised(id, r, in.Span))
	}
	return list
}

// realised adds up the reports of the period; without any, it says so.
func (l *life) realised(id domain.AppraisalID, r result, span domain.Span) commands.RecordRealisation {
	in := commands.RecordRealisation{Appraisal: id, Result: r.id, Measure: r.measure}
	for _, w := range l.reports {
		if w.result == r.id && span.Holds(w.on) {
			in.Reports = append(in.Reports, w.id)
			in.Quantity += w.amount
		}
	}
	if len(in.Reports) == 0 {
		in.Measure, in.NoEvidence = "", "Belum ada laporan untuk hasil kerja ini pada triwulan tersebut."
	}
	return in
}

func (l *life) behaved(id domain.AppraisalID, overall appraisal.Rating) commands.RateBehaviour {
	in := commands.RateBehaviour{Appraisal: id, Rating: overall}
	for _, v := range domain.Values {
		rating := overall
		if l.chance(25) {
			rating = appraisal.AsExpected
		}
		in.Values = append(in.Values, appraisal.ValueRating{Value: v, Rating: rating})
	}
	return in
}

// rate is mostly as expected, as it is everywhere.
func rate(rng *rand.Rand) appraisal.Rating {
	switch dice := rng.IntN(100); {
	case dice < 4:
		return appraisal.Below
	case dice < 74:
		return appraisal.AsExpected
	default:
		return appraisal.Above
	}
}
