package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

const save = "main form[action='/lapor'] button.primary"

func (c *city) reportTakesThreeTaps(t *testing.T) {
	employee, superior := c.tab(t, phone), c.tab(t, desktop)
	c.pair(employee, superior)
	superior.open("/menunggu")
	superior.listens()
	const text = "Memeriksa papan petunjuk di dermaga"
	employee.open("/")
	employee.taps = 0
	employee.tap("main a[href='/lapor']")
	employee.write("textarea[name=text]", text)
	employee.tap(save)
	if at := ask[string](employee, "location.pathname"); !strings.HasPrefix(at, "/tercatat/progress-") {
		t.Errorf("after saving, the page is %s and no confirmation", at)
	}
	if employee.taps > 3 {
		t.Errorf("a report took %d taps", employee.taps)
	}
	superior.hears(text)

	employee.tap("main a[href^='/laporan/']")
	employee.listens()
	superior.open(ask[string](employee, "location.pathname"))
	superior.write("input[name=note]", "Terima kasih, lanjutkan")
	superior.tap("form[action$='/ketahui'] button")
	employee.hears("Terima kasih, lanjutkan")
}

func (c *city) feedbackAndReplyAreLive(t *testing.T) {
	employee, superior := c.tab(t, phone), c.tab(t, desktop)
	person, _ := c.pair(employee, superior)
	employee.open("/umpan-balik")
	employee.open("/")
	employee.listens()
	superior.open("/umpan-balik/baru?kepada=" + person)
	const said, replied = "Pengunjung memuji penjelasanmu", "Terima kasih, saya teruskan"
	ask[bool](superior, `document.querySelector("input[name=tone]").click(); true`)
	superior.write("textarea[name=text]", said)
	superior.tap("form[action='/umpan-balik/baru'] button.primary")
	employee.hears(said)

	superior.tap("main a[href^='/umpan-balik/']")
	superior.listens()
	thread := ask[string](superior, "location.pathname")
	employee.open(thread)
	superior.hears("Dibaca")
	employee.write("textarea[name=text]", replied)
	employee.tap("form[action$='/balas'] button.primary")
	superior.hears(replied)
}

func (c *city) worksWithoutJavaScript(t *testing.T) {
	employee, superior := c.tab(t, phone), c.tab(t, desktop)
	for _, b := range []*tab{employee, superior} {
		b.do("turn scripts off", emulation.SetScriptExecutionDisabled(true))
	}
	person, _ := c.pair(employee, superior)
	const text, said = "Menata arsip surat tanpa skrip", "Arsipnya mudah dicari sekarang"
	employee.open("/lapor")
	if ask[int](employee, `document.querySelectorAll("[data-step]:not([hidden])").length`) > 0 {
		t.Fatal("scripts are not off: the steppers work")
	}
	employee.write("textarea[name=text]", text)
	employee.tap(save)
	employee.open("/")
	employee.shows(text)
	superior.open("/menunggu")
	superior.shows(text)
	superior.open("/umpan-balik/baru?kepada=" + person)
	superior.do("choose a tone", chromedp.Click("input[name=tone]", chromedp.ByQuery, chromedp.NodeVisible))
	superior.write("textarea[name=text]", said)
	superior.tap("form[action='/umpan-balik/baru'] button.primary")
	superior.tap("main a[href^='/umpan-balik/']")
	superior.shows(said)
	employee.open("/umpan-balik")
	employee.shows(said)
}

// firstPageLimit is what a weak line on an island carries in a few seconds.
const firstPageLimit = 60_000 // bytes

func (c *city) firstPageIsLight(t *testing.T) {
	b := c.tab(t, phone)
	weigh := func(what string) {
		t.Helper()
		var bytes float64
		eventually(t, what, pageLimit, func() (err error) {
			bytes, err = b.watch.weigh()
			return err
		})
		t.Logf("%s: %.0f bytes", what, bytes)
		if bytes == 0 || bytes > firstPageLimit {
			t.Errorf("%s takes %.0f bytes, of at most %d", what, bytes, firstPageLimit)
		}
	}
	b.open("/")
	weigh("the first page")
	b.login(b.personas()[0].Person)
	if _, err := b.watch.weigh(); err != nil {
		eventually(t, "login", pageLimit, func() error { _, err := b.watch.weigh(); return err })
	}
	b.do("empty the cache", network.ClearBrowserCache())
	b.open("/")
	weigh("home after login")
}

func (c *city) doubleSubmitIsOneReport(t *testing.T) {
	b := c.tab(t, phone)
	b.login(b.personas()[0].Person)
	b.open("/lapor")
	b.write("textarea[name=text]", "Menghitung tiket masuk dua kali")
	key := ask[string](b, `document.querySelector("input[name=kunci]").value`)
	send := `fetch(f.action, {method: "POST", body: new FormData(f)}).then(a => new URL(a.url).pathname)`
	receipts := ask[[]string](b, fmt.Sprintf(`(f => Promise.all([%s, %s]))(document.querySelector("form[action='/lapor']"))`, send, send))
	b.tap(save)
	receipts = append(receipts, ask[string](b, "location.pathname"))
	for _, r := range receipts {
		if r != receipts[0] || !strings.HasPrefix(r, "/tercatat/progress-") {
			t.Errorf("one form has these receipts: %v", receipts)
		}
	}
	n := 0
	for _, e := range c.p.log() {
		if e.Key == key {
			n++
		}
	}
	if n != 1 {
		t.Errorf("one form sent three times is %d events", n)
	}
}
