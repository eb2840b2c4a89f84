// Package demo fills the ledger with a city of invented people and a year of
// their work, through the real commands. The same seed gives the same people,
// plans, reports, feedback and ratings. No real civil servant is meant: names are
// put together from syllables, and every NIP carries a date that cannot be.
package demo
