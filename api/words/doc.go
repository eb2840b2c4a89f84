// Package words holds everything the product says to people, in Indonesian and
// in English: sentences by key, the names of facts and kinds, the reasons of
// refusals, and how numbers, days and moments are written.
//
// The texts lie in id.json and en.json. A key that pages use by name has a
// constant, made from id.json by `go generate`; the families "event.", "label."
// and "refusal." are looked up by the stored value instead.
package words

//go:generate go run ./keygen
