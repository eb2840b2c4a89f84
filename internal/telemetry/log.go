package telemetry

import (
	"fmt"
	"io"
	"log/slog"
	"os"
)

// Logger writes to w: text when a person reads along, JSON otherwise. level is
// "debug", "info", "warn" or "error".
func Logger(w io.Writer, level string) (*slog.Logger, error) {
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("log level %q: it is debug, info, warn or error", level)
	}
	options := &slog.HandlerOptions{Level: least}
	if terminal(w) {
		return slog.New(slog.NewTextHandler(w, options)), nil
	}
	return slog.New(slog.NewJSONHandler(w, options)), nil
}

// terminal takes every character device for one; at worst /dev/null gets text.
func terminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
