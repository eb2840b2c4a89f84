// Package person is the stream of one civil servant: service, posts, reporting
// line and roles, each since a day. Istilah: pegawai ASN.
//
// Invariants:
//
//  1. A person is registered once, before anything else is said.
//  2. Nobody is their own superior.
//  3. At most one main post on any day; acting posts stand beside it.
//  4. Nothing is assigned after the last day of service.
//  5. One entry of the reporting line for each first day; a wrong one is
//     corrected, and stays in the record.
//  6. Who runs the machine (SystemAdministrator) holds no other role.
//  7. A person leaves the service once.
//
// A superior on file who is wrong or missing stops nobody: the person says so
// (LineQuestioned), and the line is open to question until it is set or corrected.
package person
