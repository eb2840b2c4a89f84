package web_test

import (
	"context"
	"flag"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/jejak-kinerja/jejak/domain"
)

// shots asks for pictures of the pages, for people to look at.
var shots = flag.String("shots", "", "write a PNG of each page into this directory")

// shotOnly narrows the pictures to pages whose name holds it.
var shotOnly = flag.String("shot-only", "", "only pages whose name holds this")

func TestPicturesForPeopleToLookAt(t *testing.T) {
	if *shots == "" {
		t.Skip("pictures are made on request, with -shots")
	}
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	s := newStory(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	defer stop()
	ctx, stop = chromedp.NewContext(ctx)
	defer stop()
	for name, p := range s.pages() {
		if !strings.Contains(name, *shotOnly) {
			continue
		}
		cookie := s.cookie(p.as)
		for _, width := range []int64{360, 1280} {
			for _, scheme := range []string{"light", "dark"} {
				if scheme == "dark" && width == 360 {
					continue
				}
				var png []byte
				err := chromedp.Run(ctx, chromedp.ActionFunc(func(ctx context.Context) error {
					if err := network.ClearBrowserCookies().Do(ctx); err != nil || cookie == "" {
						return err
					}
					return network.SetCookie("jejak_session", cookie).WithURL(s.server.URL).Do(ctx)
				}), chromedp.EmulateViewport(width, 800), emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
					chromedp.Navigate(s.server.URL+p.path), chromedp.FullScreenshot(&png, 100))
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				file := filepath.Join(*shots, name+"-"+map[int64]string{360: "360", 1280: "1280"}[width]+"-"+scheme+".png")
				if err := os.WriteFile(file, png, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// cookie signs a person in and gives the cookie.
func (s *story) cookie(as domain.PersonID) string {
	if as == "" {
		return ""
	}
	b := s.browser(as)
	u, err := url.Parse(s.server.URL)
	if err != nil {
		s.Fatal(err)
	}
	for _, c := range b.Jar.Cookies(u) {
		if c.Name == "jejak_session" {
			return c.Value
		}
	}
	s.Fatal("no session cookie")
	return ""
}

// shot is one page as somebody sees it.
type shot struct {
	as   domain.PersonID
	path string
}
