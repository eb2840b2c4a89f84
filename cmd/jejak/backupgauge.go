package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// gaugeLimit bounds what a scrape waits for the mark of the last backup.
const gaugeLimit = 2 * time.Second

// gaugeBackup shows when the last backup ended well, whoever made it. When the
// database cannot be asked, the last answer stands.
func (r *rooms) gaugeBackup() {
	var last atomic.Int64
	r.metrics.Registerer().MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "jejak_backup_last_ok_timestamp_seconds", Help: "When jejak backup last ended well, as Unix time; 0 for never.",
	}, func() float64 {
		ctx, stop := context.WithTimeout(context.Background(), gaugeLimit)
		defer stop()
		at, ever, err := lastOK(ctx, r.pool, backupWork)
		if err != nil {
			r.log.Warn("the metrics do not know when the last backup was", slog.Any("error", err))
		}
		if ever {
			last.Store(at.Unix())
		}
		return float64(last.Load())
	}))
}
