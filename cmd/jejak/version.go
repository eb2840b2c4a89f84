package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/jejak-kinerja/jejak/internal/telemetry"
)

// The linker sets these. A build time is set only by who wants one: without it,
// two builds of one commit are the same bytes.
var (
	version   = "unversioned"
	buildTime = ""
)

// release says which program this is.
type release struct {
	Version string `json:"version"`
	// Commit and CommitTime are empty when it was built outside of a repository.
	Commit     string `json:"commit,omitempty"`
	CommitTime string `json:"commit_time,omitempty"`
	// Modified: the sources were not exactly those of the commit.
	Modified  bool   `json:"modified,omitempty"`
	Go        string `json:"go"`
	Platform  string `json:"platform"`
	BuildTime string `json:"build_time,omitempty"`
}

// thisRelease reads what the compiler and the linker wrote into the program.
func thisRelease() release {
	r := release{Version: version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, BuildTime: buildTime}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return r
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			r.Commit = setting.Value
		case "vcs.time":
			r.CommitTime = setting.Value
		case "vcs.modified":
			r.Modified = setting.Value == "true"
		}
	}
	return r
}

// build is the release as the metrics say it.
func (r release) build() telemetry.Build {
	return telemetry.Build{Version: r.Version, Commit: r.Commit, GoVersion: r.Go}
}

type versionCommand struct {
	JSON bool `name:"json" help:"Version, commit, Go version and times as one JSON line."`
}

// Run prints which program this is.
func (v versionCommand) Run(term terminal) error {
	r := thisRelease()
	if v.JSON {
		return json.NewEncoder(term.out).Encode(r)
	}
	_, err := fmt.Fprintln(term.out, "jejak", r.Version)
	return err
}
