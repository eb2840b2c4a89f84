package main

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// watch sees what a tab loads and what it complains about.
type watch struct {
	home    string
	mu      sync.Mutex
	found   []string
	bytes   float64
	pending map[network.RequestID]string
}

// watched turns on the reports that watch reads; chromedp itself needs the rest.
var watched = chromedp.ActionFunc(func(ctx context.Context) error {
	if err := network.Enable().Do(ctx); err != nil {
		return err
	}
	return log.Enable().Do(ctx)
})

func newWatch(home string) *watch {
	return &watch{home: home, pending: map[network.RequestID]string{}}
}

func (w *watch) see(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		own := strings.HasPrefix(e.Request.URL, w.home+"/") || strings.HasPrefix(e.Request.URL, "data:")
		if !own {
			w.found = append(w.found, "a request to another place: "+e.Request.URL)
		}
		if e.RedirectResponse != nil {
			w.bytes += e.RedirectResponse.EncodedDataLength
		}
		w.pending[e.RequestID] = e.Request.URL
	case *network.EventLoadingFinished:
		w.bytes += e.EncodedDataLength
		delete(w.pending, e.RequestID)
	case *network.EventLoadingFailed:
		delete(w.pending, e.RequestID)
	case *runtime.EventExceptionThrown:
		w.found = append(w.found, "an exception in the page: "+e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
			w.found = append(w.found, fmt.Sprintf("the console says %s: %s", e.Type, e.Args[0].Value))
		}
	case *log.EventEntryAdded:
		// A page that refuses (403) is looked at as a page; a policy violation never is.
		refused := e.Entry.Source == log.SourceNetwork && strings.Contains(e.Entry.Text, "403")
		if e.Entry.Level == log.LevelError && !refused {
			w.found = append(w.found, fmt.Sprintf("the browser complains (%s) of %s: %s", e.Entry.Source, e.Entry.URL, e.Entry.Text))
		}
	}
}

// faults gives what was found since the last time.
func (w *watch) faults() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := w.found
	w.found = nil
	return found
}

// weigh gives the bytes on the line since the last time, once all but the live
// connection, which never ends, and the icon, which a headless browser may drop,
// has arrived.
func (w *watch) weigh() (bytes float64, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, url := range w.pending {
		if !strings.Contains(url, "/langsung?") && !strings.Contains(url, "/aset/mark.") {
			return 0, fmt.Errorf("%s has not arrived", url)
		}
	}
	bytes, w.bytes = w.bytes, 0
	return bytes, nil
}
