// Command jejak is the whole product in one program: the performance ledger of a
// city's civil servants. `jejak serve` with nothing configured starts a private
// PostgreSQL, the embedded event store node, the projections, the API and the
// pages; every other subcommand is one file here.
package main
