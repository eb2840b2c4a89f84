package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
)

// eventModel is one fact with everything known about it.
type eventModel struct {
	audittrail.Entry
	Category string
	// Digest is the SHA-256 of the stored body, in hex.
	Digest  string
	Pretty  string
	Changes []change
	// More is how many changes the page leaves out.
	More int
	// Previous and Next are its neighbours in the stream; nil at its ends.
	Previous, Next *domain.Recorded
	// Facts of the stream in all.
	Facts int
}

// maxChanges bounds the table: an establishment repeats a whole plan.
const maxChanges = 60

// loadEvent gives a fact to whoever may read its stream.
func (s *Site) loadEvent(ctx context.Context, text string) (audittrail.Entry, error) {
	position, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return audittrail.Entry{}, domain.Missing("event-unknown", "a position is a whole number")
	}
	e, err := audittrail.At(ctx, s.Read, position)
	if err != nil {
		return e, err
	}
	if err := s.entryIsOpen(ctx, e); domain.KindOf(err) != domain.Forbidden {
		return e, err
	}
	return e, s.streamIsOpen(ctx, e.Stream) // who began the stream may read what followed
}

func (s *Site) event(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, err := s.loadEvent(ctx, chi.URLParam(r, "position"))
	if err != nil {
		return s.loginFirst(w, r, err)
	}
	m, err := s.eventModel(ctx, e)
	if err != nil {
		return err
	}
	g := gather()
	gatherEntry(ctx, g, e)
	for _, c := range m.Changes {
		c.Before.gather(g)
		c.After.gather(g)
	}
	if err := s.reveal(ctx, g); err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, t(ctx, words.TrailEvent, "position", strconv.FormatUint(e.Position, 10)), eventPage(m))
}

func (s *Site) eventModel(ctx context.Context, e audittrail.Entry) (eventModel, error) {
	m := eventModel{Entry: e}
	m.Category, _, _ = strings.Cut(e.Stream, "-")
	sum := sha256.Sum256(e.Body)
	m.Digest = hex.EncodeToString(sum[:])
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, e.Body, "", "  "); err != nil {
		return m, err
	}
	m.Pretty = pretty.String()
	facts, err := s.Lookup.Streams.Load(ctx, e.Stream)
	if err != nil {
		return m, err
	}
	m.Facts = len(facts)
	at := int(e.Revision)
	if at >= len(facts) {
		return m, fmt.Errorf("%s ends at revision %d, before the fact at %d", e.Stream, len(facts)-1, e.Position)
	}
	if at > 0 {
		m.Previous = &facts[at-1]
	}
	if at+1 < len(facts) {
		m.Next = &facts[at+1]
	}
	before, err := catalog.StateAfter(m.Category, facts[:at])
	if err != nil {
		return m, err
	}
	after, err := catalog.StateAfter(m.Category, facts[:at+1])
	if err != nil {
		return m, err
	}
	m.Changes = differences(words.Of(ctx), before, after)
	if n := len(m.Changes); n > maxChanges {
		m.Changes, m.More = m.Changes[:maxChanges], n-maxChanges
	}
	return m, nil
}

// eventJSON gives the stored body, byte for byte.
func (s *Site) eventJSON(w http.ResponseWriter, r *http.Request) error {
	e, err := s.loadEvent(r.Context(), chi.URLParam(r, "position"))
	if err != nil {
		return s.loginFirst(w, r, err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "private, no-cache")
	_, _ = w.Write(e.Body) // the browser has gone: nothing is left to say
	return nil
}
