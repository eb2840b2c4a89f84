package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/token"
)

func TestAListIsATableForPeopleAndLinesForPrograms(t *testing.T) {
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	tokens := []token.Token{
		{ID: "a1", Person: "p1", Name: "two\nlines", Scopes: []caller.Scope{caller.Read, caller.Feed}, CreatedAt: at, ExpiresAt: at.Add(time.Hour), LastUsedAt: &at},
		{ID: "b2", Person: "p22", CreatedAt: at, ExpiresAt: at},
	}
	for _, c := range []struct {
		json   bool
		tokens []token.Token
		want   string
	}{
		{false, nil, ""},
		{true, nil, ""},
		{false, tokens, "" +
			"ID  PERSON  NAME       SCOPES       CREATED               EXPIRES               LAST USED             REVOKED\n" +
			"a1  p1      two lines  [read feed]  2026-03-02T08:00:00Z  2026-03-02T09:00:00Z  2026-03-02T08:00:00Z  -\n" +
			"b2  p22     -          []           2026-03-02T08:00:00Z  2026-03-02T08:00:00Z  -                     -\n"},
		{true, tokens[1:], `{"created_at":"2026-03-02T08:00:00Z","expires_at":"2026-03-02T08:00:00Z","id":"b2","last_used_at":null,` +
			`"name":"","person":"p22","revoked_at":null,"scopes":null}` + "\n"},
	} {
		var out bytes.Buffer
		if err := list(terminal{out: &out}, listFlag{c.json}, c.tokens, tokenTable, tokenLine); err != nil || out.String() != c.want {
			t.Errorf("json %v, %d tokens: %v\n%s\nwant\n%s", c.json, len(c.tokens), err, &out, c.want)
		}
	}
}
