package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/domain"
)

const (
	batchType = "application/cloudevents-batch+json"
	// defaultBatch and maxBatch bound one answer, as in every list.
	defaultBatch, maxBatch = 50, 200
	// maxWait is shorter than the patience of the proxies we know of.
	maxWait = 30 * time.Second
	// maxLooks bounds what one request looks through for a rare event.
	maxLooks = 50
)

func (asked *request) readBatch(q url.Values) error {
	asked.limit = defaultBatch
	if s := q.Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > maxBatch {
			return domain.Bad("limit", "input-invalid", "limit is 1 to %d", maxBatch)
		}
		asked.limit = n
	}
	if s := q.Get("wait"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 || time.Duration(n)*time.Second > maxWait {
			return domain.Bad("wait", "wait-out-of-range", "wait is 0 to %d seconds", int(maxWait.Seconds()))
		}
		asked.wait = time.Duration(n) * time.Second
	}
	return nil
}

// batch answers with what there is after the position, or waits for the first.
// Link rel="next" leads on, past what the filter left out too.
func (d Deps) batch(w http.ResponseWriter, r *http.Request, asked request) error {
	ctx, cancel := context.WithTimeout(r.Context(), asked.wait)
	defer cancel()
	if err := http.NewResponseController(w).SetWriteDeadline(d.Clock().Add(asked.wait + patience)); err != nil {
		return fmt.Errorf("set a deadline: %w", err)
	}
	lines, at, err := d.collect(r.Context(), asked, asked.after)
	for err == nil && len(lines) == 0 {
		g := d.Tail.after(at)
		if ended := g.stopped || !d.grows(ctx, at, g); ended {
			break
		}
		lines, at, err = d.collect(r.Context(), asked, at)
	}
	if err != nil {
		problem.Write(w, r, err)
		return err
	}
	next := r.URL.Query()
	next.Set("after", strconv.FormatUint(at, 10))
	if d.Ledger != nil && d.Ledger.ID() != "" {
		next.Set("log", d.Ledger.ID())
	}
	w.Header().Set("Link", fmt.Sprintf(`<%s?%s>; rel="next"`, r.URL.Path, next.Encode()))
	w.Header().Set("Jejak-Position", strconv.FormatUint(at, 10))
	w.Header().Set("Content-Type", batchType+"; charset=utf-8")
	_ = json.NewEncoder(w).Encode(lines) // the reader has gone: nothing is left to say
	return nil
}

// grows waits until there is something after the position; false at the end of patience.
func (d Deps) grows(ctx context.Context, at uint64, g glance) bool {
	if g.covered && len(g.entries) > 0 {
		return true
	}
	select {
	case <-g.grown:
		return true
	case <-ctx.Done():
		return false
	}
}

// collect reads pages until there are enough events, the log ends or enough was
// looked through; at is the position up to which it looked.
func (d Deps) collect(ctx context.Context, asked request, after uint64) (lines []json.RawMessage, at uint64, err error) {
	lines, at = []json.RawMessage{}, after
	for range maxLooks {
		page, err := d.Source.ReadAll(ctx, at, pageEvents)
		if err != nil {
			return nil, at, fmt.Errorf("read the log: %w", err)
		}
		for _, e := range page {
			if asked.takes(e) {
				line, err := encode(e, d.BaseURL)
				if err != nil {
					return nil, at, err
				}
				lines = append(lines, line)
			}
			at = e.Position
			if len(lines) == asked.limit {
				return lines, at, nil
			}
		}
		if len(page) < pageEvents {
			break
		}
	}
	return lines, at, nil
}
