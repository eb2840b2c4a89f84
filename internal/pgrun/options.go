package pgrun

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
)

// Options says where and how the cluster runs. The zero value is the cluster of
// this machine's default state directory.
type Options struct {
	// Dir is the state directory; empty means DefaultDir. It is made when missing.
	Dir string
	// BinDir holds initdb and postgres; empty means to search for them.
	BinDir string
	// Settings are server settings (postgresql.conf names) that replace our
	// tuning. Those that guard the data or close the door are refused.
	Settings map[string]string
	// NoSync trades every promise about power cuts for speed. Tests only.
	NoSync bool
	// KeepUp brings the server back whenever it ends by itself, until Stop. Without
	// it Done and Err tell of such an end.
	KeepUp bool
	// Log hears of starts, waits and ends; nil is silence.
	Log *slog.Logger
}

// DefaultDir is the state directory when none is named: /var/lib/jejak for root,
// since the server's account cannot enter /root, else $XDG_STATE_HOME/jejak,
// else ~/.local/state/jejak. It fails when the account has no home.
func DefaultDir() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/lib/jejak", nil
	}
	// The XDG specification says to ignore a relative path.
	if state := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "jejak"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find a state directory: %w", err)
	}
	return filepath.Join(home, ".local", "state", "jejak"), nil
}
