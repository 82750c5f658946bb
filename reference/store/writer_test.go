package store

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/xferspec/xferspec/spec/wire"
)

// openHere opens a folder for the length of a test.
func openHere(t testing.TB) *Store {
	t.Helper()
	s, err := Open(context.Background(), t.TempDir(), "defensive.db")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// registering returns a change, and where it notes that it was made.
func registering(id byte, name string) (*change, *bool) {
	free := new(bool)
	return &change{durable: true, done: make(chan error, 1), do: func(ctx context.Context, q *queries) (err error) {
		*free, err = exec(ctx, q.register, make([]byte, 15+id), name)
		return err
	}}, free
}

// One change that fails takes no other with it, and of two that exclude each other
// the first is made, in one transaction as in two.
func TestChangesOfOneTransaction(t *testing.T) {
	s := openHere(t)
	ada, first := registering(1, "Ada")
	failing, _ := registering(5, "an id of 20 bytes")
	again, second := registering(1, "Ada")
	grace, third := registering(1, "Grace") // with Ada's id, which her insert does not allow for
	batch := []*change{ada, again}
	s.writer.serve(batch)
	for i, c := range batch {
		if err := <-c.done; err != nil {
			t.Errorf("change %d of two: %v", i, err)
		}
	}
	if !*first || *second {
		t.Errorf("Ada registered %t, again %t, want true, false", *first, *second)
	}
	lovelace, fourth := registering(1, "Lovelace")
	lovelace.do = func(ctx context.Context, q *queries) (err error) {
		*fourth, err = exec(ctx, q.register, append(make([]byte, 15), 2), "Lovelace")
		return err
	}
	batch = []*change{failing, lovelace, grace}
	s.writer.serve(batch)
	for i, wantErr := range []bool{true, false, true} {
		if err := <-batch[i].done; (err != nil) != wantErr {
			t.Errorf("change %d of three: %v, want an error: %t", i, err, wantErr)
		}
	}
	if !*fourth || *third {
		t.Errorf("the good one was made: %t, the bad one: %t", *fourth, *third)
	}
	if _, _, err := s.Seen(t.Context(), wire.ID(append(make([]byte, 15), 2))); err != nil {
		t.Errorf("what was answered is not there: %v", err)
	}
}

// Close makes what was begun, and what comes after it is refused.
func TestChangesAtTheEnd(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), dir, "defensive.db")
	if err != nil {
		t.Fatal(err)
	}
	var begun []<-chan error
	for i := range 3 * maxBatch {
		begun = append(begun, s.writer.begin(true, func(ctx context.Context, q *queries) error {
			_, err := exec(ctx, q.register, fmt.Appendf(nil, "%16d", i), fmt.Sprint(i))
			return err
		}))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for i, done := range begun {
		if err := <-done; err != nil {
			t.Fatalf("change %d: %v", i, err)
		}
	}
	if _, err := s.Register(t.Context(), "late"); !errors.Is(err, errClosed) {
		t.Errorf("after the end: %v, want errClosed", err)
	}
}

// Notes alone must not wait for the disk, with a durable change they share its wait.
func TestNotesAreNotDurable(t *testing.T) {
	s := openHere(t)
	id, err := s.Register(t.Context(), "Ada")
	if err != nil {
		t.Fatal(err)
	}
	if !s.writer.durable {
		t.Error("a registration is not durable")
	}
	_, noted, err := s.Seen(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := <-noted; err != nil || s.writer.durable {
		t.Errorf("a note: %v, durable %t", err, s.writer.durable)
	}
	if err := s.SetAESKey(t.Context(), id, []byte("key")); err != nil || !s.writer.durable {
		t.Errorf("a key: %v, durable %t", err, s.writer.durable)
	}
}
