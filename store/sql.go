package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"

	"talentmatch/talent"
)

// sqlStore is a Store over database/sql. Writing goes through one connection,
// reading through a pool of others.
type sqlStore struct {
	name    string // for messages
	writer  *sql.DB
	readers *sql.DB
	bounds  bounds
	copyDSN string // of a further connection, for Backup
	private string // a folder to remove on Close, "" if the store stays

	turn    chan struct{} // holds one token while somebody writes
	done    chan struct{} // closed by Close
	closing sync.Once
	// explain finds the kind and a plain reason in a driver's error, or nil.
	explain func(error) (why string, kind error)
}

// fail wraps what the database said with the operation and the kind of error.
func (s *sqlStore) fail(op string, err error) error {
	if err == nil {
		return nil
	}
	if s.isClosed() {
		return fmt.Errorf("%s %s: it is closed: %w", op, s.name, talent.ErrUnavailable)
	}
	if why, kind := s.explain(err); kind != nil {
		return fmt.Errorf("%s %s: %s: %w (%w)", op, s.name, why, kind, err)
	}
	return fmt.Errorf("%s %s: %w", op, s.name, err)
}

func (s *sqlStore) isClosed() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// takeTurn waits until nobody else writes; leave ends the turn.
func (s *sqlStore) takeTurn(ctx context.Context) (leave func(), err error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.done:
		return nil, errClosed
	case s.turn <- struct{}{}:
		return func() { <-s.turn }, nil
	}
}

var errClosed = errors.New("the store is closed")

// Close refuses new Updates, waits for a running one, then ends the store; a
// second call does nothing. The writer goes last: the last connection to leave
// folds the write-ahead log back into the file.
func (s *sqlStore) Close() error {
	var errs []error
	s.closing.Do(func() {
		close(s.done)
		s.turn <- struct{}{} // for good
		if s.readers != nil {
			errs = append(errs, s.readers.Close())
		}
		if s.writer != nil {
			errs = append(errs, s.writer.Close())
		}
		if s.private != "" {
			errs = append(errs, os.RemoveAll(s.private))
		}
	})
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close store %s: %w", s.name, err)
	}
	return nil
}

// querier is what a connection pool and a transaction have in common.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// each runs a query and hands every row to scan; what it returns is the
// database's error or scan's, as they are.
func each(ctx context.Context, q querier, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
