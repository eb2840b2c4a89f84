package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
)

// feedReader follows the event feed as programs do: it keeps the position of the
// last event and begins again after it, whenever it is cut.
type feedReader struct {
	token string
	after uint64
	seen  map[uint64]int // how often each position came
	at    atomic.Uint64  // the last position, for other goroutines
}

func newFeedReader(a author, after uint64) *feedReader {
	r := &feedReader{token: a.token, after: after, seen: map[uint64]int{}}
	r.at.Store(after)
	return r
}

// read follows the feed until it ends, and says whether it was told to come back.
func (r *feedReader) read(ctx context.Context, client *http.Client, url string) (told bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/v1/events", nil)
	if err != nil {
		return false, err
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Authorization", "Bearer "+r.token)
	req.Header.Set("Last-Event-ID", strconv.FormatUint(r.after, 10))
	return reading(client, req, r.take)
}

// reading takes what a request answers, to its end; any answer but success is an error.
func reading(client *http.Client, req *http.Request, take func(io.Reader) (told bool, err error)) (told bool, err error) {
	resp, err := client.Do(req)
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		body, err := io.ReadAll(resp.Body)
		return false, errors.Join(fmt.Errorf("%s: %s", resp.Status, body), err)
	}
	return take(resp.Body)
}

// take reads a stream to its end.
func (r *feedReader) take(stream io.Reader) (told bool, err error) {
	var id uint64
	var event string
	lines := bufio.NewScanner(stream)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			if id, err = strconv.ParseUint(value, 10, 64); err != nil {
				return false, err
			}
			r.after = id
		case "event":
			event = value
			told = told || event == "closing"
		case "data":
			if event != "caught-up" && event != "closing" {
				r.seen[id]++
				r.at.Store(id)
			}
		}
	}
	return told, lines.Err()
}
