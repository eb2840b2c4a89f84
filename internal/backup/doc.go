// Package backup keeps what a ledger cannot make again in a directory of plain
// files, and reads it back. It knows neither the event store nor any table: it is
// given events and the names of tables.
//
//	manifest.json                            what belongs to the backup; written last
//	events-000000000001-000000010000.jsonl.gz  events by their positions, first and last
//	table-vault.text-1b2c….copy.gz           a table, in PostgreSQL's COPY text format
//	key-….bin                                a key file, only when asked for
//	unfinished.json                          how far a backup that was broken off had come
//
// An events file holds one JSON object a line, in the order of the log:
//
//	{"position":7,"prepare":7,"stream":"plan-…","revision":0,"id":"…","type":"plan.submitted.v1",
//	 "content_type":"application/json","created":"2026-11-27T02:50:24.1234567Z","data":"…","metadata":"…"}
//
// data and metadata are the exact bytes, in base64. The manifest names every file
// with its size and SHA-256, and ends with a SHA-256 of itself, the fingerprint of
// the whole backup.
//
// The windows in which a crash can strike, and what holds:
//
//  1. while a file is written: it is called ….partial and is nobody's. The old
//     manifest stands, and all its files with it.
//  2. between two files: unfinished.json names the whole ones, so that the next run
//     goes on there. It is no backup, and nothing is restored from it.
//  3. after the manifest took its place, before files of the former one are
//     removed: they are removed by the next run.
//
// A run beside another on the same directory is refused (see Lock).
package backup
