// Package market is the living whole: it keeps the store, the search index and
// the in-memory snapshot for the matcher in step, and offers each use case once.
// cmd and api call nothing deeper.
//
// What goes in: records (one by one, in bulk, from files) and questions. What comes
// out: typed answers that carry the versions and parameters from which they were
// computed. What is left out: rendering, transport, authorisation decisions.
//
// The store is the truth. A write is committed there first, then applied to the
// snapshot and to the index, and only then acknowledged, so that the next query
// sees it. If the process dies in between, the index resumes from the store's change
// feed when it is opened again. Readers take the current state by one atomic load
// and never wait for a writer.
package market
