package main

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// TestBrowserKeepsWhatWasTypedWhileTheEventStoreIsAway writes a report on a phone
// while the event store is frozen: it is refused and stays in the form, also on
// another visit, and is recorded once when the store is back.
func TestBrowserKeepsWhatWasTypedWhileTheEventStoreIsAway(t *testing.T) {
	if _, err := exec.LookPath("chromium"); err != nil {
		lacking(t, "Chromium is not installed: make dependencies")
	}
	database := pgtest.DurableServer(t).URL("postgres")
	node := standalone(t, "--database-url", database)
	way := newLine(t, "event store", hostOf(t, node))
	p := serve(t, stateDir(t), "--database-url", database, "--eventstore-url", "esdb://"+way.proxy.Listen+"?tls=false", "--demo", "--people", cityPeople)
	p.outside = database
	p.seeded()
	c := &city{p: p, axe: axe(t)}
	b := c.tab(t, phone)
	b.login(b.personas()[0].Person)
	way.goBad(`"type":"timeout","attributes":{"timeout":0}`)
	notice := func(want bool) {
		t.Helper()
		eventually(t, "the notice", startLimit, func() error {
			b.open("/menu")
			if ask[bool](b, `!!document.querySelector("[data-store=away]")`) != want {
				return fmt.Errorf("want the notice: %v", want)
			}
			return nil
		})
	}
	notice(true)
	const text = "Menata arsip dan berkas lama di ruang tengah."
	typed := func() string { return ask[string](b, `document.querySelector("textarea[name=text]").value`) }
	b.open("/lapor")
	b.write("textarea[name=text]", text)
	b.tap("form[action='/lapor'] button.primary")
	if got := b.text(); typed() != text || !strings.Contains(got, "Belum dapat dicatat") || !strings.Contains(got, "Data per ") {
		t.Errorf("the form holds %q on the page\n%s", typed(), got)
	}
	if found := b.judge(); len(found) > 0 {
		t.Errorf("axe finds %v", found)
	}
	b.open("/lapor")
	if got := typed(); got != text {
		t.Errorf("on another visit the form holds %q", got)
	}
	way.heal()
	notice(false)
	b.open("/lapor")
	b.tap("form[action='/lapor'] button.primary")
	if got := b.text(); !strings.Contains(got, "Tercatat") {
		t.Errorf("after the outage the page says\n%s", got)
	}
	b.open("/lapor")
	if got := typed(); got != "" {
		t.Errorf("after it was recorded the form holds %q", got)
	}
}
