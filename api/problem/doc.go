// Package problem turns an error into an answer of RFC 9457
// (application/problem+json), in the caller's language and without anything the
// caller had sent: one table from the kind of a refusal to its HTTP status, and a
// page for each slug, to which the answer's type leads.
package problem
