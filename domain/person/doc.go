// Package person is the stream of one civil servant: service, posts, reporting
// line and roles, each since a day. Istilah: pegawai ASN.
//
// Invariants:
//
//  1. A person is registered once, before anything else is said.
//  2. Nobody is their own superior.
//  3. At most one main post on any day; acting posts stand beside it.
//  4. Nothing is assigned after the last day of service.
package person
