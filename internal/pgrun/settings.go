package pgrun

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// tuning fits a small machine of a city (2 cores, 4 GB) and may be replaced by
// Options.Settings.
func tuning() map[string]string {
	return map[string]string{
		"shared_buffers":  "256MB",
		"max_connections": "100",
		"max_wal_size":    "2GB", // fewer checkpoints during an import or a rebuild
		"wal_compression": "lz4", // pages that changed go through the log whole once; pglz costs several times the CPU
		"jit":             "off", // our queries are short; compiling them costs more than it saves
		"cluster_name":    "jejak",

		// One file a weekday, written over a week later: bounded, and no job to prune it.
		"logging_collector":        "on",
		"log_filename":             "postgresql-%a.log",
		"log_rotation_age":         "1d",
		"log_rotation_size":        "0",
		"log_truncate_on_rotation": "on",
		"log_line_prefix":          "%m [%p] %d ",
	}
}

// guarded are the settings that keep the data whole, the door closed and people
// out of the log. They are given on the command line, where neither
// postgresql.conf nor ALTER SYSTEM can undo them.
func guarded(l layout, noSync bool) map[string]string {
	sync := "on"
	if noSync {
		sync = "off"
	}
	return map[string]string{
		"fsync":              sync,
		"full_page_writes":   sync,
		"synchronous_commit": sync,

		// No TCP port: nobody else comes in, and servers never collide.
		"listen_addresses":        "",
		"port":                    "5432", // only names the socket file
		"unix_socket_directories": `"` + strings.ReplaceAll(l.run(), `"`, `""`) + `"`,
		"unix_socket_permissions": "0700",
		"password_encryption":     "scram-sha-256",

		"timezone":     "UTC",
		"log_timezone": "UTC",

		"log_directory": l.log(),
		// A failed statement and its DETAIL ("Key (email)=(…)") carry people.
		"log_error_verbosity":     "terse",
		"log_min_error_statement": "panic",
	}
}

// serverArgs are the arguments of the postgres program, in a stable order.
func serverArgs(l layout, opts Options) ([]string, error) {
	settings, fixed := tuning(), guarded(l, opts.NoSync)
	for name, value := range opts.Settings {
		name = strings.ToLower(name)
		if _, ok := fixed[name]; ok {
			return nil, fmt.Errorf("setting %s of the private database cannot be changed", name)
		}
		settings[name] = value
	}
	maps.Copy(settings, fixed)
	args := []string{"-D", l.data()}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		args = append(args, "-c", name+"="+settings[name])
	}
	return args, nil
}
