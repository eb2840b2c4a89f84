package web

import (
	"net/http"
)

// start is the city's page for the public and one's own home after the login.
func (s *Site) start(w http.ResponseWriter, r *http.Request) error {
	return s.city(w, r)
}
