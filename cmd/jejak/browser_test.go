package main

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

const (
	// pageLimit is how long a page may take on a busy machine, liveLimit how long a
	// change may take to another's open page.
	pageLimit = 60 * time.Second
	liveLimit = 30 * time.Second
	// tabLimit bounds everything one window does.
	tabLimit = 20 * time.Minute
	// cityPeople is one line of each kind of user and some more.
	cityPeople = "24"
)

// size of a window, in CSS pixels.
type size struct{ width, height int64 }

var (
	phone   = size{360, 800}
	desktop = size{1280, 900}
)

// city is a running product with its invented people, and what looks at its pages.
type city struct {
	p   *product
	axe string
}

// TestBrowser walks through the product as people do, in a real Chromium.
func TestBrowser(t *testing.T) {
	if _, err := exec.LookPath("chromium"); err != nil {
		lacking(t, "Chromium is not installed: make dependencies")
	}
	c := &city{p: serve(t, stateDir(t), "--demo", "--people", cityPeople), axe: axe(t)}
	c.p.seeded()
	t.Run("a report takes three taps and is answered live", c.reportTakesThreeTaps)
	t.Run("feedback and its reply are live", c.feedbackAndReplyAreLive)
	t.Run("everything works without JavaScript", c.worksWithoutJavaScript)
	t.Run("the first page is light", c.firstPageIsLight)
	t.Run("a form sent twice is one report", c.doubleSubmitIsOneReport)
	t.Run("every page of every role is sound", c.everyPage)
}

// lacking ends a test whose tools are not there: a failure in continuous
// integration, where they must be.
func lacking(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// tab is a window with cookies of its own. It speaks as the test that opened it.
type tab struct {
	*testing.T
	c     *city
	ctx   context.Context
	watch *watch
	taps  int
}

// tab opens a window of a browser of its own, as another person would.
func (c *city) tab(t *testing.T, s size) *tab {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.ExecPath("chromium"),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"))
	allocated, cancelAllocator := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, cancel := chromedp.NewContext(allocated)
	ctx, cancelLimit := context.WithTimeout(ctx, tabLimit)
	t.Cleanup(func() { cancelLimit(); cancel(); cancelAllocator() })
	b := &tab{T: t, c: c, ctx: ctx, watch: newWatch(c.p.url)}
	chromedp.ListenTarget(ctx, b.watch.see)
	if err := chromedp.Run(ctx, watched); err != nil { // the first run owns the browser: its context must last
		t.Fatalf("open a window: %v", err)
	}
	b.resize(s)
	return b
}

// do runs actions within the page's limit.
func (b *tab) do(what string, actions ...chromedp.Action) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, pageLimit)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		b.Fatalf("%s: %v", what, err)
	}
}

func (b *tab) resize(s size) {
	b.Helper()
	b.do("resize", emulation.SetDeviceMetricsOverride(s.width, s.height, 1, s.width < 500))
}

// open loads a page and gives its status.
func (b *tab) open(path string) int64 {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, pageLimit)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, chromedp.Navigate(b.c.p.url+path))
	if err != nil {
		b.Fatalf("open %s: %v", path, err)
	}
	return response.Status
}

// tap taps what leads to another page, and waits until that one is there.
func (b *tab) tap(selector string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, pageLimit)
	defer cancel()
	b.taps++
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible)); err != nil {
		b.Fatalf("tap %s: %v", selector, err)
	}
}

// write fills a field as a person does, key by key.
func (b *tab) write(selector, text string) {
	b.Helper()
	b.do("write into "+selector, chromedp.SendKeys(selector, text, chromedp.ByQuery, chromedp.NodeVisible))
}

// text is what a person reads on the page.
func (b *tab) text() string {
	b.Helper()
	return ask[string](b, "document.body.innerText")
}

// ask evaluates a script on the page; a promise is awaited.
func ask[T any](b *tab, script string) (answer T) {
	b.Helper()
	b.do("ask the page", chromedp.Evaluate(script, &answer, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return answer
}
