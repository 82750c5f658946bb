package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/xferspec/xferspec/reference/store"
	"github.com/xferspec/xferspec/spec/wire"
)

const database = "defensive.db"

// open opens a folder for the length of a test.
func open(t *testing.T, dir string) *store.Store {
	t.Helper()
	s := begin(t, dir)
	t.Cleanup(func() { end(t, s) })
	return s
}

func begin(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dir, database)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func end(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func register(t *testing.T, s *store.Store, name string) wire.ID {
	t.Helper()
	id, err := s.Register(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// put stores a file.
func put(t *testing.T, s *store.Store, client wire.ID, name, text string) error {
	t.Helper()
	in, err := s.NewIncoming(client)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return in.Keep(t.Context(), name)
}

func path(dir string, client wire.ID, name string) string {
	return filepath.Join(dir, "clients", client.String(), "files", name)
}

func TestClients(t *testing.T) {
	dir := t.TempDir()
	s := begin(t, dir)
	ada := register(t, s, "Ada")
	if _, err := s.Register(t.Context(), "Ada"); !errors.Is(err, store.ErrNameTaken) {
		t.Errorf("the name a second time: %v, want ErrNameTaken", err)
	}
	if other := register(t, s, "ada"); other == ada {
		t.Error("two clients have one id")
	}
	c, noted, err := s.Seen(t.Context(), ada)
	if err != nil || c.ID != ada || c.Name != "Ada" || c.PublicKey != nil || c.AESKey != nil {
		t.Errorf("a new client: %+v, %v", c, err)
	}
	if err := <-noted; err != nil {
		t.Errorf("the note about it: %v", err)
	}
	if err := s.SetKeys(t.Context(), ada, []byte("public"), []byte("first")); err != nil {
		t.Error(err)
	}
	if err := s.SetAESKey(t.Context(), ada, []byte("second")); err != nil {
		t.Error(err)
	}
	end(t, s)
	c, _, err = open(t, dir).Seen(t.Context(), ada)
	if err != nil || string(c.PublicKey) != "public" || string(c.AESKey) != "second" {
		t.Errorf("with keys: %+v, %v", c, err)
	}
}

func TestUnknownClient(t *testing.T) {
	s := open(t, t.TempDir())
	unknown := wire.ID{1}
	_, _, err := s.Seen(t.Context(), unknown)
	for _, err := range []error{
		err,
		s.SetKeys(t.Context(), unknown, []byte("public"), []byte("key")),
		s.SetAESKey(t.Context(), unknown, []byte("key")),
	} {
		if !errors.Is(err, store.ErrUnknownClient) {
			t.Errorf("%v, want ErrUnknownClient", err)
		}
	}
	if err := put(t, s, unknown, "f", "text"); err == nil {
		t.Error("a file of nobody is kept")
	}
}

// REG-9, and that nobody is told that the database is busy.
func TestManyAtOnce(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	var wg sync.WaitGroup
	var mu sync.Mutex
	registered := 0
	for i := range 16 {
		wg.Go(func() {
			if _, err := s.Register(context.Background(), "the same"); err == nil {
				mu.Lock()
				registered++
				mu.Unlock()
			} else if !errors.Is(err, store.ErrNameTaken) {
				t.Error(err)
			}
			id, err := s.Register(context.Background(), fmt.Sprint("client ", i))
			if err != nil {
				t.Error(err)
				return
			}
			if err := put(t, s, id, "f", "text"); err != nil {
				t.Error(err)
			}
			if err := s.Verify(context.Background(), id, "f"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if registered != 1 {
		t.Errorf("one name was registered %d times", registered)
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	ada := register(t, s, "Ada")
	for _, text := range []string{"old", "new"} {
		if err := put(t, s, ada, "f", text); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path(dir, ada, "f")); err != nil || string(got) != text {
			t.Errorf("stored %q, %v, want %q", got, err, text)
		}
	}
	if err := s.Verify(t.Context(), ada, "g"); !errors.Is(err, store.ErrNoFile) {
		t.Errorf("Verify: %v, want ErrNoFile", err)
	}
	if err := s.Verify(t.Context(), ada, "f"); err != nil {
		t.Error(err)
	}
	if err := s.Forget(t.Context(), ada, "f"); !errors.Is(err, store.ErrNoFile) {
		t.Errorf("Forget of a verified file: %v, want ErrNoFile", err)
	}
	if err := put(t, s, ada, "f", "newer"); err != nil { // no longer verified
		t.Fatal(err)
	}
	if err := s.Forget(t.Context(), ada, "f"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path(dir, ada, "f")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after Forget: %v", err)
	}
	if err := s.Forget(t.Context(), ada, "f"); !errors.Is(err, store.ErrNoFile) {
		t.Errorf("Forget again: %v, want ErrNoFile", err)
	}
}

// A discarded file leaves nothing, one that a crash left is removed by Open, and
// neither touches what was kept.
func TestIncoming(t *testing.T) {
	dir := t.TempDir()
	s := begin(t, dir)
	ada := register(t, s, "Ada")
	if err := put(t, s, ada, "f", "kept"); err != nil {
		t.Fatal(err)
	}
	arriving := func() []string {
		paths, _ := filepath.Glob(filepath.Join(dir, "clients", "*", "incoming", "*"))
		return paths
	}
	discarded, err := s.NewIncoming(ada)
	if err != nil {
		t.Fatal(err)
	}
	left, err := s.NewIncoming(ada)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []*store.Incoming{discarded, left} {
		if _, err := in.Write(bytes.Repeat([]byte("x"), 5<<20)); err != nil { // enough to begin writing ahead
			t.Fatal(err)
		}
	}
	discarded.Discard()
	discarded.Discard()
	if paths := arriving(); len(paths) != 1 {
		t.Errorf("arriving: %q, want one", paths)
	}
	end(t, s)
	open(t, dir)
	if paths := arriving(); len(paths) != 0 {
		t.Errorf("arriving after Open: %q, want none", paths)
	}
	if got, err := os.ReadFile(path(dir, ada, "f")); err != nil || string(got) != "kept" {
		t.Errorf("stored %q, %v", got, err)
	}
}

func TestSafeName(t *testing.T) {
	for name, want := range map[string]bool{
		"f": true, "a b.txt": true, "...": true, "..f": true, " ": true, "ab:c": true, strings.Repeat("x", 254): true,
		"": false, ".": false, "..": false, "/": false, "a/b": false, "/a": false, "a/": false, "../a": false,
		`\a`: false, `a\b`: false, `..\a`: false, "C:": false, "C:a": false, `C:\a`: false,
		"a\x00": false, "a\n": false, "\x7f": false, "é": false,
	} {
		if got := store.SafeName(name); got != want {
			t.Errorf("%q: safe %t, want %t", name, got, want)
		}
	}
	s := open(t, t.TempDir())
	if err := put(t, s, register(t, s, "Ada"), "../f", "text"); err == nil {
		t.Error("Keep takes an unsafe name")
	}
}

func TestOpenRefuses(t *testing.T) {
	foreign := t.TempDir()
	other, err := store.Open(t.Context(), foreign, "other.db")
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(foreign, "other.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, want string
		database   []byte
	}{
		{"no database", "not a database", []byte(strings.Repeat("text ", 1000))},
		{"cut off", "malformed", text[:len(text)/2]},
		{"other tables", "not a database of this server", bytes.ReplaceAll(text, []byte("aes_key "), []byte("aes_kex "))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, database), tt.database, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := store.Open(t.Context(), dir, database)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), database) {
				t.Errorf("%v, want an error that names %s and says %q", err, database, tt.want)
			}
		})
	}
	if _, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "none"), database); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

func TestOpenRefusesAFolderInUse(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("folders have no locks there")
	}
	dir := t.TempDir()
	first := begin(t, dir)
	for range 2 { // a refusal does not set it free
		if _, err := store.Open(t.Context(), dir, database); err == nil || !strings.Contains(err.Error(), dir+": another server uses it") {
			t.Errorf("in use: %v", err)
		}
	}
	end(t, first)
	open(t, dir)
}

// A folder may be called anything.
func TestOddFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b?c%20#d'é")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	first := begin(t, dir)
	register(t, first, "Ada")
	end(t, first)
	if _, err := os.Stat(filepath.Join(dir, database)); err != nil {
		t.Error(err)
	}
	if _, err := open(t, dir).Register(t.Context(), "Ada"); !errors.Is(err, store.ErrNameTaken) {
		t.Errorf("after opening it again: %v", err)
	}
}
