// Command reference is a program of the product's shape with nothing in it: a
// pool, sixty operations, a listener. It is what a start cannot be quicker than.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const operations = 60

type input struct {
	ID    string `path:"id"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type output struct {
	Body struct {
		Text string `json:"text"`
	}
}

func main() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, os.Args[1])
	if err == nil {
		err = pool.Ping(ctx)
	}
	if err != nil {
		log.Fatal(err)
	}
	router := chi.NewRouter()
	api := humachi.New(router, huma.DefaultConfig("reference", "1"))
	for n := range operations {
		huma.Register(api, huma.Operation{OperationID: fmt.Sprint("get-", n), Method: http.MethodGet, Path: fmt.Sprintf("/things%d/{id}", n)},
			func(context.Context, *input) (*output, error) { return &output{}, nil })
	}
	router.Get("/healthz", func(http.ResponseWriter, *http.Request) {})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", l.Addr())
	log.Fatal(http.Serve(l, router))
}
