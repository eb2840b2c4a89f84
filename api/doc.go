// Package api is the edge: every route of the product on one page (router.go),
// who asks (identity.go), and what every answer carries (headers.go). The JSON
// interface lies in v1, the feed of events in feed, the pages in web.
package api
