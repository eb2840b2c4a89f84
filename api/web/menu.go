package web

import (
	"context"
	"net/http"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// entry is one line of the menu. Its place is "wide" when a phone's bar has no
// room for it, "phone" when only a phone needs it.
type entry struct {
	key   words.Key
	href  string
	icon  string
	place string
	count int64
}

// menuOf lists the pages for who asks. Those without duties of their own in a
// matter find it on other pages all the same: a menu is no lock.
func menuOf(ctx context.Context) []entry {
	who := caller.From(ctx)
	if !who.Known() {
		return []entry{{key: words.NavCity, href: "/kota", icon: "city"}, {key: words.NavUnits, href: "/unit", icon: "units"}}
	}
	menu := []entry{
		{key: words.NavHome, href: "/", icon: "home"},
		{key: words.NavReport, href: "/lapor", icon: "report"},
		{key: words.NavInbox, href: "/menunggu", icon: "inbox", count: viewOf(ctx).waits},
		{key: words.NavFeedback, href: "/umpan-balik", icon: "feedback"},
		{key: words.NavMe, href: personHref(who.Person), icon: "me", place: "wide"},
		{key: words.NavPlan, href: "/skp", icon: "plan", place: "wide"},
		{key: words.NavTeam, href: "/tim", icon: "team", place: "wide"},
		{key: words.NavUnits, href: "/unit", icon: "units", place: "wide"},
		{key: words.NavCity, href: "/kota", icon: "city", place: "wide"},
		{key: words.NavTrail, href: "/jejak", icon: "trail", place: "wide"},
		{key: words.NavMore, href: "/menu", icon: "more", place: "phone"},
	}
	if who.Has(person.Inspectorate) { // the inspectorate reads and writes no performance fact
		menu[1] = entry{key: words.NavTrail, href: "/jejak", icon: "trail", place: "phone"}
	}
	if seesOperations(who) {
		menu = append(menu, entry{key: words.NavOperations, href: "/operasi", icon: "trail", place: "wide"})
	}
	return menu
}

func (s *Site) menu(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, http.StatusOK, t(r.Context(), words.NavMenuTitle), menuPage())
}

func otherLang(ctx context.Context) string {
	if words.Of(ctx).English() {
		return string(caller.Indonesian)
	}
	return string(caller.English)
}
