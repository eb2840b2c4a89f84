package commands

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/progress"
)

// GiveFeedback says something to a colleague about the colleague's work.
type GiveFeedback struct {
	About domain.PersonID
	Tone  feedback.Tone
	// Report, or Plan and Result, it speaks of; all empty for work in general.
	Report domain.ReportID
	Plan   domain.PlanID
	Result domain.ResultID
	// Value it speaks of, if it is about behaviour.
	Value domain.Value
	Text  string
}

// GiveFeedback carries out the order, given by any serving colleague; the
// outcome's ID is the feedback's. The relation follows from the reporting line.
func (o *Office) GiveFeedback(ctx context.Context, ask Ask, in GiveFeedback) (Outcome, error) {
	id := domain.FeedbackID(ask.NewID("feedback"))
	req := o.request(ask, AsColleague, "", "give-feedback", string(in.About), string(in.Tone), string(in.Report),
		string(in.Plan), string(in.Result), string(in.Value), in.Text)
	return carry(ctx, o, feedback.Decider, string(id), req, func(_ feedback.State, m *domain.Meta) (orders[feedback.Command], error) {
		if _, err := o.needService(ctx, ask.Actor); err != nil {
			return nil, err
		}
		if err := domain.CheckID("about", string(in.About)); err != nil {
			return nil, err
		}
		about, err := o.PersonState(ctx, in.About)
		if err != nil {
			return nil, err
		}
		if !about.ServingOn(o.today()) {
			return nil, domain.Refuse("person-not-serving", "this person has left the service")
		}
		if err := o.theirWork(ctx, in); err != nil {
			return nil, err
		}
		relation, authority, err := o.relation(ctx, ask.Actor, about)
		if err != nil {
			return nil, err
		}
		m.Authority = authority
		post, _ := about.MainPostOn(o.today())
		return func(w *words) []feedback.Command {
			return []feedback.Command{feedback.Give{
				Feedback: id, About: in.About, Unit: post.Unit, By: ask.Actor, Relation: relation, Tone: in.Tone,
				Report: in.Report, Plan: in.Plan, Result: in.Result, Value: in.Value,
				Text: w.need(in.About, "text", in.Text),
			}}
		}, nil
	})
}

// theirWork refuses feedback that speaks of a report or plan of somebody else.
func (o *Office) theirWork(ctx context.Context, in GiveFeedback) error {
	if in.Report != "" {
		if err := o.reportOf(ctx, in.About, in.Report); err != nil {
			return err
		}
	}
	if in.Plan == "" {
		return nil
	}
	s, err := o.planState(ctx, in.Plan)
	if err != nil {
		return err
	}
	if s.Person != in.About {
		return domain.Bad("plan", "plan-of-another", "this is not a plan of the person")
	}
	return hasResult(s, in.Result)
}

// reportOf refuses a report that is not the person's or was withdrawn.
func (o *Office) reportOf(ctx context.Context, author domain.PersonID, id domain.ReportID) error {
	if err := domain.CheckID("report", string(id)); err != nil {
		return err
	}
	s, _, err := State(ctx, o.Store, progress.Decider, string(id))
	switch {
	case err != nil:
		return err
	case !s.Exists():
		return domain.Missing("report-unknown", "no such report")
	case s.Person != author:
		return domain.Bad("report", "report-of-another", "this is not a report of the person")
	case s.Status == progress.TakenBack:
		return domain.Refuse("report-withdrawn", "the report was withdrawn")
	}
	return nil
}

// relation of the giver to the person by today's reporting line, and the
// authority that goes with it.
func (o *Office) relation(ctx context.Context, giver domain.PersonID, about person.State) (feedback.Relation, string, error) {
	if about.SuperiorOn(o.today()) == giver {
		return feedback.FromSuperior, AsSuperior, nil
	}
	leads, err := o.above(ctx, about.Person, o.today(), func(upper domain.PersonID) bool { return upper == giver })
	if err != nil {
		return "", "", err
	}
	if leads {
		return feedback.FromSuperior, AsUpperLine, nil
	}
	led, err := o.above(ctx, giver, o.today(), func(upper domain.PersonID) bool { return upper == about.Person })
	if err != nil {
		return "", "", err
	}
	if led {
		return feedback.FromSubordinate, AsColleague, nil
	}
	return feedback.FromPeer, AsColleague, nil
}

// ReadFeedback says that the asker has seen feedback about them.
func (o *Office) ReadFeedback(ctx context.Context, ask Ask, id domain.FeedbackID) (Outcome, error) {
	req := o.request(ask, OwnMatter, "", "read-feedback", string(id))
	return carry(ctx, o, feedback.Decider, string(id), req, func(feedback.State, *domain.Meta) (orders[feedback.Command], error) {
		_, err := o.needService(ctx, ask.Actor)
		return func(*words) []feedback.Command { return []feedback.Command{feedback.MarkRead{By: ask.Actor}} }, err
	})
}

// ReplyFeedback adds a word to the thread.
type ReplyFeedback struct {
	Feedback domain.FeedbackID
	Text     string
}

// ReplyFeedback carries out the order, given by either side.
func (o *Office) ReplyFeedback(ctx context.Context, ask Ask, in ReplyFeedback) (Outcome, error) {
	req := o.request(ask, OwnMatter, "", "reply-feedback", string(in.Feedback), in.Text)
	return carry(ctx, o, feedback.Decider, string(in.Feedback), req, func(s feedback.State, m *domain.Meta) (orders[feedback.Command], error) {
		_, err := o.needService(ctx, ask.Actor)
		if ask.Actor != s.About {
			m.Authority = AsColleague
		}
		return func(w *words) []feedback.Command {
			return []feedback.Command{feedback.ReplyTo{By: ask.Actor, Text: w.need(s.About, "text", in.Text)}}
		}, err
	})
}

// DisputeFeedback says that feedback about the asker is unfair.
type DisputeFeedback struct {
	Feedback domain.FeedbackID
	Reason   string
}

// DisputeFeedback carries out the order, given by the person.
func (o *Office) DisputeFeedback(ctx context.Context, ask Ask, in DisputeFeedback) (Outcome, error) {
	req := o.request(ask, OwnMatter, "", "dispute-feedback", string(in.Feedback), in.Reason)
	return carry(ctx, o, feedback.Decider, string(in.Feedback), req, func(s feedback.State, _ *domain.Meta) (orders[feedback.Command], error) {
		_, err := o.needService(ctx, ask.Actor)
		return func(w *words) []feedback.Command {
			return []feedback.Command{feedback.Dispute{By: ask.Actor, Reason: w.reason(s.About, in.Reason)}}
		}, err
	})
}
