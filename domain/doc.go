// Package domain is the kernel of the ledger's language: what a fact is, what a
// refusal is, who may be named in them and how a stream decides.
//
// A fact (event) says what happened in the office, is stored once and never
// changes. A refusal (Error) says why a command was not carried out. Each stream
// of facts has its own package below this one; none of them knows another, a
// clock, a database or the network.
package domain
