package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/jejak-kinerja/jejak/domain"
)

// compression trades a little time for a phone's line: 5 of 9.
const compression = 5

// Mount puts every page on the router.
func (s *Site) Mount(r chi.Router) {
	r.Handle(assetPath+"*", secureHeaders(s.assets))
	r.Group(func(r chi.Router) {
		r.Use(secureHeaders, s.Sessions.Middleware, s.sameOrigin)
		r.Method(http.MethodGet, "/langsung", s.page(s.listen))
		r.Group(func(r chi.Router) {
			r.Use(middleware.Compress(compression, "text/html", "application/json"))
			s.routes(r)
		})
	})
}

// NotFound shows a page for an address that does not exist.
func (s *Site) NotFound() http.Handler {
	missing := s.page(func(http.ResponseWriter, *http.Request) error {
		return domain.Missing("page-unknown", "no such page")
	})
	return secureHeaders(s.Sessions.Middleware(missing))
}

func (s *Site) routes(r chi.Router) {
	get := func(path string, h handler) { r.Method(http.MethodGet, path, s.page(h)) }
	mine := func(path string, h handler) { r.Method(http.MethodGet, path, s.known(h)) }
	post := func(path string, h handler) { r.Method(http.MethodPost, path, s.known(h)) }
	get("/", s.start)
	get("/kota", s.city)
	get("/masuk", s.loginPage)
	r.Method(http.MethodPost, "/masuk", s.page(s.login))
	r.Method(http.MethodPost, "/keluar", s.page(s.logout))
	get("/menu", s.menu)

	mine("/menunggu", s.inbox)
	post("/menunggu/ketahui", s.acknowledgeAll)
	mine("/tim", s.teamPage)
	mine("/lapor", s.quickReport)
	post("/lapor", s.report)
	mine("/laporan/{report}", s.reportPage)
	mine("/laporan/{report}/bukti/{digest}", s.evidenceFile)
	mine("/laporan/{report}/{action}", s.back("/laporan/", "report"))
	post("/laporan/{report}/{action}", s.answerReport)
	mine("/atasan-salah", s.questionLinePage)
	post("/atasan-salah", s.questionLine)
	mine("/umpan-balik", s.feedbackList)
	mine("/umpan-balik/baru", s.giveFeedbackPage)
	post("/umpan-balik/baru", s.giveFeedback)
	mine("/umpan-balik/{feedback}", s.thread)
	mine("/umpan-balik/{feedback}/{action}", s.back("/umpan-balik/", "feedback"))
	post("/umpan-balik/{feedback}/{action}", s.onThread)
	mine("/tercatat/{stream}", s.receipt)
	mine("/operasi", s.operations)

	s.planPages(r)
	s.appraisalPages(r)
	s.personPages(r)
	s.unitPages(r)
	s.trailPages(r)
}

// back leads from the address of a form, which a browser may load again after a
// refusal or a login, to the page that the form is on.
func (s *Site) back(to, param string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		http.Redirect(w, r, to+chi.URLParam(r, param), http.StatusSeeOther)
		return nil
	}
}
