package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// errClosed is the error of a change after Close.
var errClosed = errors.New("the data folder is closed")

// maxBatch bounds how long the first of a transaction waits for the last.
const maxBatch = 256 // changes

// change is what somebody wants to have changed in the database.
type change struct {
	// durable changes survive a loss of power; others, notes, survive a kill.
	durable bool
	// do runs the statements. It may be called again after its effects were undone.
	do   func(context.Context, *queries) error
	done chan error // has room for the outcome
}

// writer is the one that changes the database. A commit is dear, since it waits for
// the disk (STO-5), and costs the same for one change as for many: those who come
// while the disk is busy share the next transaction.
type writer struct {
	db      *sql.DB
	conn    *sql.Conn // of db, which has no other
	queries queries   // on conn
	durable bool      // how conn commits now

	mu     sync.Mutex
	queue  []*change
	closed bool
	wake   chan struct{} // has room for one; closed by close
	ended  chan struct{}
}

// newWriter takes over a database.
func newWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{db: db, conn: conn, durable: true, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	if err := w.queries.prepare(ctx, conn); err != nil {
		w.queries.close()
		_ = conn.Close()
		return nil, err
	}
	go w.run()
	return w, nil
}

// begin has a change made, and does not wait for it. Its outcome comes once, when
// it is committed.
func (w *writer) begin(durable bool, do func(context.Context, *queries) error) <-chan error {
	c := &change{durable: durable, do: do, done: make(chan error, 1)}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		c.done <- errClosed
		return c.done
	}
	w.queue = append(w.queue, c)
	select {
	case w.wake <- struct{}{}:
	default: // awake already
	}
	return c.done
}

// change makes a durable change and returns when it is committed. What has begun is
// done to its end, whatever becomes of ctx.
func (w *writer) change(ctx context.Context, do func(context.Context, *queries) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return <-w.begin(true, do)
}

// close makes the changes that are queued, and closes the database.
func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	close(w.wake)
	w.mu.Unlock()
	<-w.ended
	w.queries.close()
	return errors.Join(w.conn.Close(), w.db.Close())
}

func (w *writer) run() {
	defer close(w.ended)
	for awake := true; awake; {
		_, awake = <-w.wake
		for batch := w.take(); len(batch) > 0; batch = w.take() {
			w.serve(batch)
		}
	}
}

// take returns the changes of the next transaction.
func (w *writer) take() []*change {
	w.mu.Lock()
	defer w.mu.Unlock()
	batch := w.queue[:min(len(w.queue), maxBatch)]
	if w.queue = w.queue[len(batch):]; len(w.queue) == 0 {
		w.queue = nil
	}
	return batch
}

// serve commits changes and tells their outcome. If one of them fails, none must
// suffer for it: each gets a transaction of its own.
func (w *writer) serve(batch []*change) {
	err := w.commit(batch)
	_, ok := errors.AsType[*statementError](err)
	if !ok || len(batch) == 1 {
		for _, c := range batch {
			c.done <- err
		}
		return
	}
	for _, c := range batch {
		c.done <- w.commit([]*change{c})
	}
}

// statementError is the failure of a change, as opposed to one of its transaction.
type statementError struct{ err error }

func (e *statementError) Error() string { return e.err.Error() }
func (e *statementError) Unwrap() error { return e.err }

// commit makes all of the changes in one transaction, or none.
func (w *writer) commit(batch []*change) (err error) {
	ctx := context.Background()
	durable := false
	for _, c := range batch {
		durable = durable || c.durable
	}
	if err := w.setDurable(ctx, durable); err != nil {
		return err
	}
	if _, err := w.queries.begin.ExecContext(ctx); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = w.queries.rollback.ExecContext(ctx) // fails where SQLite has done it already
		}
	}()
	for _, c := range batch {
		if err := c.do(ctx, &w.queries); err != nil {
			return &statementError{err}
		}
	}
	_, err = w.queries.commit.ExecContext(ctx)
	return err
}

// setDurable chooses between commits that survive a loss of power, and those that
// survive a kill and take a thousandth of the time.
func (w *writer) setDurable(ctx context.Context, durable bool) error {
	if w.durable == durable {
		return nil
	}
	level := "NORMAL"
	if durable {
		level = "FULL"
	}
	if _, err := w.conn.ExecContext(ctx, "PRAGMA synchronous = "+level); err != nil {
		return fmt.Errorf("choose how to commit: %w", err)
	}
	w.durable = durable
	return nil
}
