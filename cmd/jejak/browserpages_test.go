package main

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

const (
	crawlDepth = 2
	// eachShape is how many pages of one kind one person opens.
	eachShape = 1
)

// gallery keeps one picture for each kind of page.
type gallery struct {
	mu  sync.Mutex
	has map[string]bool
}

// first says whether nobody has asked for this name before.
func (g *gallery) first(name string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	had := g.has[name]
	g.has[name] = true
	return !had
}

func (c *city) everyPage(t *testing.T) {
	people := []persona{{Role: "Pengunjung"}}
	if os.Getenv("JEJAK_TEST_ALL_ROLES") != "" { // the long form: make browser
		people = append(people, c.tab(t, desktop).personas()...)
	}
	g := &gallery{has: map[string]bool{}}
	for _, who := range people {
		t.Run(who.Role, func(t *testing.T) {
			t.Parallel()
			b := c.tab(t, phone)
			if who.Person != "" {
				b.login(who.Person)
			}
			b.crawl(g)
		})
	}
	c.readmePicture(t)
}

// crawl opens what a person can reach in two steps, and looks at each page.
func (b *tab) crawl(g *gallery) {
	b.Helper()
	todo, known, shapes := []string{"/"}, map[string]bool{"/": true}, map[string]int{}
	refused := 0
	for range crawlDepth + 1 {
		var next []string
		for _, path := range todo {
			if shapes[shape(path)]++; shapes[shape(path)] > eachShape {
				continue
			}
			status, links := b.inspect(g, path)
			if status == 403 {
				refused++
			}
			for _, link := range links {
				if !known[link] {
					known[link] = true
					next = append(next, link)
				}
			}
		}
		todo = next
	}
	b.Logf("%d kinds of pages, %d refusals: %v", len(shapes), refused, shapes)
	if len(shapes) < 5 {
		b.Errorf("only %d kinds of pages: the crawl is broken", len(shapes))
	}
}

// inspect opens a page and looks at it in each form it takes. It gives the links
// that stay in the site and change nothing.
func (b *tab) inspect(g *gallery, path string) (status int64, links []string) {
	b.Helper()
	complain := func(how string, found []string) {
		for _, fault := range found {
			b.Errorf("%s at %s: %s", path, how, fault)
		}
	}
	status = b.open(path)
	if status != 200 && status != 403 {
		b.Errorf("%s: status %d", path, status)
	}
	kind := shape(path)
	links = b.links()
	complain("360 px", b.overflow())
	b.picture(g, kind, "360")
	if g.first(kind) {
		complain("360 px", b.judge())
		b.resize(desktop)
		complain("1280 px", b.judge())
		b.picture(g, kind, "1280")
		b.do("darkness", emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}))
		complain("1280 px, dark", b.judge("color-contrast"))
		b.picture(g, kind, "1280-dark")
		b.do("light", emulation.SetEmulatedMedia())
		b.resize(phone)
		b.open(with(path, "lang=en"))
		if lang := ask[string](b, "document.documentElement.lang"); lang != "en" {
			b.Errorf("%s in English is in %q", path, lang)
		}
		complain("360 px, English", b.overflow())
		complain("360 px, English", b.judge())
		b.open(with(path, "lang=id"))
	}
	complain("any width", b.watch.faults())
	return status, links
}

func with(path, parameter string) string {
	if strings.Contains(path, "?") {
		return path + "&" + parameter
	}
	return path + "?" + parameter
}

// overflow names what is wider than the screen.
func (b *tab) overflow() []string {
	return ask[[]string](b, `document.documentElement.scrollWidth <= innerWidth ? [] :
		["the page is " + document.documentElement.scrollWidth + " px wide: " + [...document.querySelectorAll("main *, header *, nav *, footer *")]
			.filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5)
			.map(e => e.tagName.toLowerCase() + (e.className.baseVal ?? e.className ? "." + (e.className.baseVal ?? e.className) : "")).join(" ")]`)
}

func (b *tab) links() []string {
	all := ask[[]string](b, `[...document.querySelectorAll("a[href]")].map(a => new URL(a.getAttribute("href"), location.href)).filter(u => u.origin === location.origin).map(u => u.pathname + u.search)`)
	return slices.DeleteFunc(all, func(link string) bool {
		u, err := url.Parse(link)
		return err != nil || u.Query().Has("lang") || u.Query().Has("tema") || // change how all pages look
			strings.HasSuffix(u.Path, "/json") || strings.Contains(u.Path, "/bukti/") // are files
	})
}

// shape is the route of a path: ids left out, and only the names of parameters.
func shape(path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	parts := strings.Split(u.Path, "/")
	if len(parts) > 2 && parts[2] != "baru" && parts[2] != "aliran" {
		parts[2] = "id"
	}
	if len(parts) > 3 && parts[1] == "jejak" || len(parts) > 4 {
		parts[len(parts)-1] = "id"
	}
	names := []string{}
	for name := range u.Query() {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.TrimSuffix(strings.Join(parts, "/")+"?"+strings.Join(names, "&"), "?")
}

// picture keeps the page as it looks now, for people.
func (b *tab) picture(g *gallery, kind, how string) {
	b.Helper()
	name := strings.Trim(strings.NewReplacer("/", "-", "?", "-", "&", "-").Replace(kind), "-")
	if name == "" {
		name = "beranda"
	}
	name += "-" + how + ".png"
	if g.first(name) {
		b.keep(filepath.Join("..", "..", "artefacts", "browser", name))
	}
}

func (b *tab) keep(file string) {
	b.Helper()
	var png []byte
	b.do("picture", chromedp.FullScreenshot(&png, 100))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		b.Fatal(err)
	}
}

// readmePicture is the city's page as README shows it, made again on request.
func (c *city) readmePicture(t *testing.T) {
	if os.Getenv("JEJAK_UPDATE_SCREENSHOT") == "" {
		return
	}
	b := c.tab(t, desktop)
	b.open("/kota")
	b.listens()
	b.keep(filepath.Join("..", "..", "docs", "screenshot.png"))
}
