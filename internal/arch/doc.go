// Package arch holds the rules of the house as tests: which room may import
// what, and how tidy a file must be. It has no code of its own.
package arch
