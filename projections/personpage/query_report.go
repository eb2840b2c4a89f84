package personpage

import (
	"context"
	"math"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

const (
	reportFields = `report, person, superior, unit, plan, result, on_day as on, quantity, measure, text, late_reason, evidence,
		version, status, answered_by, answer, answered_at, reply, reason, reported_at, revision, position from personpage_v1_report `
	reportColumns  = `select ` + reportFields
	placedReports  = `select opened, ` + reportFields
	findReportSQL  = reportColumns + `where report = $1`
	findReportsSQL = reportColumns + `where report = any($1::text[]) order by opened`
	reportsSQL     = placedReports + `where person = $1 and opened < $2 order by opened desc limit $3`
	resultReports  = placedReports + `where plan = $1 and plan <> '' and result = $2 and opened < $3 order by opened desc limit $4`

	feedbackFields = `feedback, about, by, unit, relation, tone, report, plan, result, value, text, given_at, read_at, disputed,
		revision, position from personpage_v1_feedback `
	feedbackColumns   = `select ` + feedbackFields
	placedFeedbacks   = `select opened, ` + feedbackFields
	findFeedbackSQL   = feedbackColumns + `where feedback = $1`
	feedbackAboutSQL  = placedFeedbacks + `where about = $1 and opened < $2 order by opened desc limit $3`
	feedbackBySQL     = placedFeedbacks + `where by = $1 and opened < $2 order by opened desc limit $3`
	feedbackReportSQL = feedbackColumns + `where report = $1 and report <> '' order by opened`
	repliesSQL        = `select feedback, by, text, at, position from personpage_v1_reply where feedback = any($1::text[]) order by position`
)

// FindReport gives one report; NotFound when there is none.
func FindReport(ctx context.Context, q projections.Querier, id domain.ReportID) (Report, error) {
	found, err := collectLax[Report](ctx, q, "find a report", findReportSQL, id)
	if err == nil && len(found) == 0 {
		err = domain.Missing("report-unknown", "no such report")
	}
	if err != nil {
		return Report{}, err
	}
	return found[0], nil
}

// FindReports gives the reports of the ids that exist, oldest first.
func FindReports(ctx context.Context, q projections.Querier, ids []domain.ReportID) ([]Report, error) {
	return collectLax[Report](ctx, q, "find reports", findReportsSQL, ids)
}

// Reports lists the person's reports, the one reported last first.
func Reports(ctx context.Context, q projections.Querier, person domain.PersonID, page projections.Page) (projections.Rows[Report], error) {
	return listReports(ctx, q, page, reportsSQL, person)
}

// ReportsOn lists the reports on one result of a plan, the one reported last first.
func ReportsOn(ctx context.Context, q projections.Querier, plan domain.PlanID, result domain.ResultID, page projections.Page) (projections.Rows[Report], error) {
	return listReports(ctx, q, page, resultReports, plan, result)
}

func listReports(ctx context.Context, q projections.Querier, page projections.Page, sql string, args ...any) (projections.Rows[Report], error) {
	before := int64(math.MaxInt64)
	if err := page.Key(&before); err != nil {
		return projections.Rows[Report]{}, err
	}
	found, err := collectLax[Report](ctx, q, "list reports", sql, append(args, before, page.Size()+1)...)
	if err != nil {
		return projections.Rows[Report]{}, err
	}
	return projections.Cut(page, found, func(r Report) any { return r.Opened })
}

// FindFeedback gives one feedback with its thread; NotFound when there is none.
func FindFeedback(ctx context.Context, q projections.Querier, id domain.FeedbackID) (Feedback, error) {
	found, err := collectLax[Feedback](ctx, q, "find feedback", findFeedbackSQL, id)
	if err == nil && len(found) == 0 {
		err = domain.Missing("feedback-unknown", "no such feedback")
	}
	if err == nil {
		err = thread(ctx, q, found)
	}
	if err != nil {
		return Feedback{}, err
	}
	return found[0], nil
}

// FeedbackAbout lists the feedback a person was given, the latest first, with threads.
func FeedbackAbout(ctx context.Context, q projections.Querier, person domain.PersonID, page projections.Page) (projections.Rows[Feedback], error) {
	return listFeedback(ctx, q, page, feedbackAboutSQL, person)
}

// FeedbackBy lists the feedback a person gave, the latest first, with threads.
func FeedbackBy(ctx context.Context, q projections.Querier, person domain.PersonID, page projections.Page) (projections.Rows[Feedback], error) {
	return listFeedback(ctx, q, page, feedbackBySQL, person)
}

// FeedbackOn gives the feedback on one report, oldest first, with threads.
func FeedbackOn(ctx context.Context, q projections.Querier, report domain.ReportID) ([]Feedback, error) {
	found, err := collectLax[Feedback](ctx, q, "list feedback on a report", feedbackReportSQL, report)
	if err != nil {
		return nil, err
	}
	return found, thread(ctx, q, found)
}

func listFeedback(ctx context.Context, q projections.Querier, page projections.Page, sql string, person domain.PersonID) (projections.Rows[Feedback], error) {
	before := int64(math.MaxInt64)
	if err := page.Key(&before); err != nil {
		return projections.Rows[Feedback]{}, err
	}
	found, err := collectLax[Feedback](ctx, q, "list feedback", sql, person, before, page.Size()+1)
	if err != nil {
		return projections.Rows[Feedback]{}, err
	}
	if err := thread(ctx, q, found); err != nil {
		return projections.Rows[Feedback]{}, err
	}
	return projections.Cut(page, found, func(f Feedback) any { return f.Opened })
}

// thread fills in the replies.
func thread(ctx context.Context, q projections.Querier, feedback []Feedback) error {
	ids := make([]domain.FeedbackID, len(feedback))
	place := make(map[domain.FeedbackID]int, len(feedback))
	for i, f := range feedback {
		ids[i], place[f.Feedback] = f.Feedback, i
	}
	replies, err := collectLax[Reply](ctx, q, "list replies", repliesSQL, ids)
	for _, r := range replies {
		f := &feedback[place[r.Feedback]]
		f.Replies = append(f.Replies, r)
	}
	return err
}
