package web

import (
	"context"
	"slices"

	"github.com/jejak-kinerja/jejak/api/web/chart"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
)

// quadrantOf draws the rule's table with the cell of the two ratings; ratings may
// be empty.
func quadrantOf(ctx context.Context, id string, result, behaviour appraisal.Rating) chart.Quadrant {
	q := chart.Quadrant{
		Words:    chart.Words{ID: id, Title: t(ctx, words.AppraisalQuadrant), Desc: t(ctx, words.AppraisalQuadrantNone)},
		RowTitle: label(ctx, "dimension", appraisal.OfResult), ColumnTitle: label(ctx, "dimension", appraisal.OfBehaviour),
		Row: -1, Column: -1,
	}
	high := slices.Clone(appraisal.Ratings)
	slices.Reverse(high)
	for r, row := range high {
		q.Rows[r] = label(ctx, "rating-short", row)
		for c, column := range appraisal.Ratings {
			q.Columns[c] = label(ctx, "rating-short", column)
			predicate, _ := appraisal.PredicateOf(row, column)
			q.Cells[r][c] = label(ctx, "predicate", predicate)
			if row == result && column == behaviour {
				q.Row, q.Column = r, c
				q.Desc = t(ctx, words.AppraisalQuadrantHere, "result", label(ctx, "rating", row), "behaviour", label(ctx, "rating", column), "predicate", q.Cells[r][c])
			}
		}
	}
	return q
}
