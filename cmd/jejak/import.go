package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jejak-kinerja/jejak/cmd/jejak/importing"
	"github.com/jejak-kinerja/jejak/internal/telemetry"
)

// importCommand brings real data in.
type importCommand struct {
	Sabang   importSabang   `cmd:"" help:"The units and public figures of Kota Sabang that come with the program."`
	Ekinerja importEKinerja `cmd:"" help:"A report of BKN's e-Kinerja (XLSX or CSV). Nothing is guessed: what cannot be understood is rejected with a reason."`
	Sample   importSample   `cmd:"" help:"Write reports of invented people, to try the import with."`
}

type importSabang struct{}

// Run imports the city's open data; running it again changes nothing.
func (importSabang) Run(ctx context.Context, c *Config, term terminal) error {
	return withRooms(ctx, c, term, func(r *rooms) error {
		summary, err := importing.Sabang(ctx, r.office, newProgress(term.err).report)
		if err != nil {
			return err
		}
		return json.NewEncoder(term.out).Encode(summary)
	})
}

// withRooms opens the rooms for one subcommand, joining a running product, and
// closes them after it.
func withRooms(ctx context.Context, c *Config, term terminal, work func(*rooms) error) error {
	log, err := c.logger(term)
	if err != nil {
		return err
	}
	r, err := openRooms(ctx, c, log, true)
	if err != nil {
		return err
	}
	return errors.Join(work(r), r.close(context.WithoutCancel(ctx)))
}

// logger makes the program's log, on the error stream.
func (c *Config) logger(term terminal) (*slog.Logger, error) {
	log, err := telemetry.Logger(term.err, c.LogLevel)
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	return log, nil
}
