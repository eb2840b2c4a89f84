// Package v1 is the JSON interface, version 1: one file per noun. Routes are
// nouns and nested facts: what is posted to /v1/reports/{report}/acknowledgement
// becomes a fact of that report.
//
// Every handler is the same four steps: who asks, read, one call, reply. All
// rules are in the rooms below; what stands here is how they look in HTTP.
package v1
