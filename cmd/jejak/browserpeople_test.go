package main

import (
	"fmt"
	"strings"
)

// persona is a button of the demonstration's login page.
type persona struct{ Person, Role string }

// personas lists one person for each role.
func (b *tab) personas() []persona {
	b.Helper()
	b.open("/masuk")
	all := ask[[]persona](b, `[...document.querySelectorAll("button.persona")].map(p => ({Person: p.value, Role: p.querySelector(".role").textContent}))`)
	var one []persona
	seen := map[string]bool{}
	for _, p := range all {
		if !seen[p.Role] {
			seen[p.Role] = true
			one = append(one, p)
		}
	}
	if len(one) < 8 {
		b.Fatalf("the login page offers only %v", one)
	}
	return one
}

// login lets the tab be a person, who need not be on the login page.
func (b *tab) login(person string) {
	b.Helper()
	b.open("/masuk")
	ask[bool](b, fmt.Sprintf(`document.querySelector("button.persona").value = %q; true`, person))
	b.tap("button.persona")
	b.taps = 0
}

// pair logs an employee and their superior in.
func (c *city) pair(employee, superior *tab) (employeeID, superiorID string) {
	employee.Helper()
	employeeID = employee.personas()[0].Person
	employee.login(employeeID)
	employee.open("/lapor")
	superiorID = strings.TrimPrefix(ask[string](employee, `document.querySelector("main a[href^='/pegawai/']").getAttribute("href")`), "/pegawai/")
	superior.login(superiorID)
	return employeeID, superiorID
}

// listens waits until the page hears of changes, and marks it to prove later that
// it was never loaded again.
func (b *tab) listens() {
	b.Helper()
	eventually(b.T, "live connection", pageLimit, func() error {
		if !ask[bool](b, `document.querySelector("[data-live]")?.dataset.state === "on"`) {
			return fmt.Errorf("the page is not live: %s", ask[string](b, `document.querySelector("footer").innerText`))
		}
		return nil
	})
	ask[bool](b, `window.neverLoadedAgain = true`)
}

// hears waits until the open page shows a text by itself.
func (b *tab) hears(text string) {
	b.Helper()
	eventually(b.T, fmt.Sprintf("%q on the open page", text), liveLimit, func() error {
		if page := b.text(); !strings.Contains(page, text) {
			return fmt.Errorf("the page says:\n%s", page)
		}
		return nil
	})
	if !ask[bool](b, `window.neverLoadedAgain === true`) {
		b.Error("the page was loaded again")
	}
}

// shows says whether the loaded page holds a text.
func (b *tab) shows(text string) {
	b.Helper()
	if page := b.text(); !strings.Contains(page, text) {
		b.Errorf("%q is not on the page:\n%s", text, page)
	}
}
