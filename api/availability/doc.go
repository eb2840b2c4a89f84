// Package availability says how the event store is: whether it takes commands,
// since when it does not, why, and up to when the read models hold everything.
// Commands, pages, the API, readiness and metrics all ask this one place.
package availability
