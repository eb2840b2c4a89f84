// Package commands is the asking side: who may ask what of which stream, and how
// an order becomes facts.
//
// A handler is three steps: ask for access (access.go), build the command with
// who and when, and Execute. All branching by rule lives in the domain.
package commands
