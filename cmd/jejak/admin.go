package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"

	"github.com/jejak-kinerja/jejak/api/health"
)

// publicMetrics serves the metrics to everybody who reaches the pages, unless
// operators have an address of their own.
func (s *serveCommand) publicMetrics(r *rooms) http.Handler {
	if s.AdminListen != "" {
		return nil
	}
	return r.metrics.Handler(r.survey)
}

// openAdmin serves the operators' address, when there is one. Profiles hold what
// lies in memory, names of people among it, so only this machine gets them.
func openAdmin(ctx context.Context, doors *doors, address string, handler http.Handler, log *slog.Logger) error {
	if address == "" {
		return nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listen on %s for operators: %w", address, err)
	}
	// No limit for a whole answer: a profile takes as long as it was asked to.
	doors.open(ctx, listener, &http.Server{Handler: handler, ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)})
	log.Info("operators are answered", slog.String("address", "http://"+listener.Addr().String()))
	return nil
}

// adminHandler is what operators see.
func adminHandler(metrics http.Handler, health *health.Health, profiles bool) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics)
	mux.HandleFunc("GET /healthz", health.Alive)
	mux.HandleFunc("GET /readyz", health.Ready)
	mux.HandleFunc("GET /version", health.ServeVersion)
	if profiles {
		mux.Handle("/debug/pprof/", fromHere(pprof.Index))
		mux.Handle("/debug/pprof/cmdline", fromHere(pprof.Cmdline))
		mux.Handle("/debug/pprof/profile", fromHere(pprof.Profile))
		mux.Handle("/debug/pprof/symbol", fromHere(pprof.Symbol))
		mux.Handle("/debug/pprof/trace", fromHere(pprof.Trace))
	}
	return mux
}

// fromHere refuses a browser on this machine that a foreign page sent here under a
// name of its own (DNS rebinding).
func fromHere(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLoopback(r.Host) {
			http.Error(w, "ask by a loopback address", http.StatusForbidden)
			return
		}
		next(w, r)
	})
}
