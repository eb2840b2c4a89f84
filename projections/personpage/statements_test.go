package personpage

import (
	"testing"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

func TestEveryStatementFitsTheTables(t *testing.T) {
	pool := projectiontest.Open(t, pgtest.URL(t), Projection())
	projectiontest.Prepare(t, pool, map[string]string{
		"openSQL":             openSQL,
		"realisationSQL":      realisationSQL,
		"touchAppraisalSQL":   touchAppraisalSQL,
		"rateResultSQL":       rateResultSQL,
		"rateBehaviourSQL":    rateBehaviourSQL,
		"predicateSQL":        predicateSQL,
		"changeSQL":           changeSQL,
		"changeResultSQL":     changeResultSQL,
		"changeBehavSQL":      changeBehavSQL,
		"deliverSQL":          deliverSQL,
		"receiveSQL":          receiveSQL,
		"openPlanSQL":         openPlanSQL,
		"appraiserSQL":        appraiserSQL,
		"rewriteSQL":          rewriteSQL,
		"stepSQL":             stepSQL,
		"employeeSignedSQL":   employeeSignedSQL,
		"appraiserSignedSQL":  appraiserSignedSQL,
		"establishSQL":        establishSQL,
		"versionSQL":          versionSQL,
		"closePlanSQL":        closePlanSQL,
		"resultSQL":           resultSQL,
		"amendSQL":            amendSQL,
		"withdrawResultSQL":   withdrawResultSQL,
		"measureSQL":          measureSQL,
		"removeMeasureSQL":    removeMeasureSQL,
		"expectSQL":           expectSQL,
		"reportSQL":           reportSQL,
		"correctSQL":          correctSQL,
		"answerSQL":           answerSQL,
		"replySQL":            replySQL,
		"withdrawSQL":         withdrawSQL,
		"feedbackSQL":         feedbackSQL,
		"readSQL":             readSQL,
		"threadSQL":           threadSQL,
		"touchSQL":            touchSQL,
		"disputeSQL":          disputeSQL,
		"appraisalSQL":        appraisalSQL,
		"appraisalsSQL":       appraisalsSQL,
		"appraisalsOfPlanSQL": appraisalsOfPlanSQL,
		"realisationsSQL":     realisationsSQL,
		"changesSQL":          changesSQL,
		"planSQL":             planSQL,
		"plansSQL":            plansSQL,
		"currentSQL":          currentSQL,
		"resultsSQL":          resultsSQL,
		"measuresSQL":         measuresSQL,
		"expectationsSQL":     expectationsSQL,
		"versionsSQL":         versionsSQL,
		"progressSQL":         progressSQL,
		"findReportSQL":       findReportSQL,
		"findReportsSQL":      findReportsSQL,
		"reportsSQL":          reportsSQL,
		"resultReports":       resultReports,
		"findFeedbackSQL":     findFeedbackSQL,
		"feedbackAboutSQL":    feedbackAboutSQL,
		"feedbackBySQL":       feedbackBySQL,
		"feedbackReportSQL":   feedbackReportSQL,
		"repliesSQL":          repliesSQL,
	})
}
