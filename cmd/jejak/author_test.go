package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// author is somebody who reports through the API.
type author struct{ person, token string }

// authors makes a token for some people of the demonstration.
func authors(t *testing.T, p *product, n int) []author {
	t.Helper()
	people, err := pgx.CollectRows(p.query(`select distinct person from readmodel.directory_v3_person order by person limit $1`, n), pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	var list []author
	for _, person := range people {
		token := command(t, p.dir, p.with("token", "create", "--person", person, "--scope", "read", "--scope", "write", "--scope", "feed", "--name", "a test")...)
		list = append(list, author{person, strings.TrimSpace(token)})
	}
	return list
}

// answer is what a writer hears.
type answer struct {
	status     int
	position   uint64 // of the fact; 0 when not told
	retryAfter string
	body       string
}

// done says that the fact is stored.
func (a answer) done() bool { return a.status/100 == 2 }

// notNow says that the service asks to come back later.
func (a answer) notNow() bool {
	return (a.status == http.StatusServiceUnavailable || a.status == http.StatusInsufficientStorage) && a.retryAfter != ""
}

func (a answer) String() string { return fmt.Sprintf("%d: %s", a.status, a.body) }

// send sends one report and gives the answer; an error means that there was none.
func (a author) send(ctx context.Context, client *http.Client, url, key string) (answer, error) {
	body := fmt.Sprintf(`{"text":"Laporan %s","quantity_hundredths":100,"measure":"berkas"}`, key)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/v1/reports", strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	req.GetBody = nil // or the library itself would repeat it, and hide a broken one
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+a.token)
	req.Header.Set("Idempotency-Key", key)
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, err
	}
	got := answer{status: resp.StatusCode, retryAfter: resp.Header.Get("Retry-After"), body: string(text)}
	if s := resp.Header.Get("Jejak-Position"); s != "" {
		if got.position, err = strconv.ParseUint(s, 10, 64); err != nil {
			return got, fmt.Errorf("the answer's position: %w", err)
		}
	}
	return got, nil
}

// report sends one report and fails when it is not acknowledged.
func (a author) report(ctx context.Context, url, key string) error {
	_, err := a.reportAt(ctx, url, key)
	return err
}

// reportAt is report, and gives the position of the fact as the header has it.
func (a author) reportAt(ctx context.Context, url, key string) (position string, err error) {
	got, err := a.send(ctx, http.DefaultClient, url, key)
	if err == nil && !got.done() {
		err = fmt.Errorf("refused with %s", got)
	}
	return strconv.FormatUint(got.position, 10), err
}
