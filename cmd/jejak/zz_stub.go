package main

import (
	"context"
	"net/http"
)

type tokenCommand struct{}
type openapiCommand struct{}

func edge(ctx context.Context, r *rooms, s *serveCommand, show *seeding) (http.Handler, error) {
	return http.NotFoundHandler(), nil
}
