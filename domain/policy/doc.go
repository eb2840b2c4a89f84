// Package policy is the stream of one family of policy versions: the numbers
// that rules use, each version valid from a day on. Decisions name the version
// they used. Istilah: kebijakan.
//
// Invariants:
//
//  1. Versions are counted 1, 2, 3, … without gaps.
//  2. A version is valid from no earlier a day than the one before it.
//  3. A published version is never changed, only followed or retired.
package policy
