// Package store is the system of record: every record that was accepted, the
// references between them, and an ordered feed of their changes.
//
// What goes in: valid records (talent.Decode or talent.Validate has seen them),
// inside Update, which is one transaction: durable when it returns nil, nothing
// of it otherwise. What comes out: records by key, by id order, or by version
// from any point on, who refers to whom, and a few named values (meta) that
// commit together with records. The store guards what only it can see: keys are
// well formed, every reference ends at a record or a built-in region, nothing
// that is referred to is deleted, and an expected version is the stored one.
// What is left out: validation of the fields, resolving names, searching, and
// everything derived (index, snapshot), which follows the feed.
//
// Versions number changes: one for each change, strictly increasing, never used
// twice. A reader that has seen everything up to version v asks Changes(v) and
// gets each record that changed since, once, in its newest state; deleted
// records stay in the feed. Readers see one committed state and never wait for
// the writer; writers take turns.
//
// The SQL is the plain subset, with $1 placeholders, that PostgreSQL reads too;
// what is SQLite's own (opening, pragmas, error codes, backup, integrity) is in
// sqlite.go and migrations/sqlite.
package store
