//go:build linux

package endurance

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// hold has the test's own program lock the database, until release is called.
func hold(t *testing.T, dir string, statements ...string) (release func()) {
	t.Helper()
	db := openDatabase(t, dir)
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range statements {
		if _, err := conn.ExecContext(context.Background(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	return func() { _, _ = conn.ExecContext(context.Background(), "ROLLBACK"); _ = conn.Close(); _ = db.Close() }
}

// TestLockedDatabase has another program lock the database under a running server:
// what needs it is refused, what does not is answered meanwhile (FRM-7), and when
// the lock is gone all works.
func TestLockedDatabase(t *testing.T) {
	begin(t)
	const clients = 8
	dir := t.TempDir()
	p := start(t, setup{dir: dir})
	c := mustJoin(t, p.addr, "Ada")
	if err := c.upload("f", []byte("old")); err != nil {
		t.Fatal(err)
	}
	release := hold(t, dir, "BEGIN IMMEDIATE")
	waiting := make(chan error, clients)
	for i := range clients {
		other := mustDial(t, p.addr)
		go func() { waiting <- other.register(fmt.Sprint("late ", i)) }()
	}
	if err := mustDial(t, p.addr).register(""); !errors.Is(err, errRefused) {
		t.Errorf("an empty name: %v, want a refusal", err)
	}
	select {
	case err := <-waiting:
		t.Errorf("answered before the request that needs no database: %v", err)
	default:
	}
	for range clients {
		if err := <-waiting; !errors.Is(err, errRefused) {
			t.Errorf("registered with a locked database: %v, want a refusal", err)
		}
	}
	if err := c.upload("f", []byte("new")); !errors.Is(err, errRefused) {
		t.Errorf("a file with a locked database: %v, want a refusal", err)
	}
	wantStored(t, dir, c.id, "f", []byte("old"))
	release()
	mustWork(t, p, c)
}

// TestStartWithLockedDatabase starts the server while another program has the
// database to itself.
func TestStartWithLockedDatabase(t *testing.T) {
	begin(t)
	dir := t.TempDir()
	start(t, setup{dir: dir}).stop()
	release := hold(t, dir, "PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE", "UPDATE clients SET name = name")
	wantNoStart(t, setup{dir: dir}, "another program")
	release()
	start(t, setup{dir: dir}).stop()
}

// TestDamagedDatabase damages the database in several ways and starts the server,
// which says so in one line and leaves everything as it is: with the undamaged one
// back in place, nothing is lost.
func TestDamagedDatabase(t *testing.T) {
	begin(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "defensive.db")
	p := start(t, setup{dir: dir})
	c := mustJoin(t, p.addr, "Ada")
	for i := range 50 {
		mustJoin(t, p.addr, fmt.Sprint("client ", i))
	}
	if err := c.upload("f", []byte("kept")); err != nil {
		t.Fatal(err)
	}
	p.stop()
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, want string
		damage     func(b []byte) []byte
	}{
		{"overwritten", "move it away", func(b []byte) []byte { choices(0).Shuffle(len(b)-4096, swap(b[4096:])); return b }},
		{"cut off", "move it away", func(b []byte) []byte { return b[:len(b)/2] }},
		{"head overwritten", "move it away", func(b []byte) []byte { clear(b[:100]); b[0] = 1; return b }},
		{"text", "move it away", func([]byte) []byte { return []byte("this is no database, and long enough to be none\n") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bad := tt.damage(append([]byte(nil), good...))
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			wantNoStart(t, setup{dir: dir}, tt.want)
			if left, err := os.ReadFile(path); err != nil || string(left) != string(bad) {
				t.Errorf("the damaged database was changed: %d bytes, %v", len(left), err)
			}
			wantStored(t, dir, c.id, "f", []byte("kept"))
			if err := os.WriteFile(path, good, 0o600); err != nil {
				t.Fatal(err)
			}
			p := start(t, setup{dir: dir})
			mustWork(t, p, mustDial(t, p.addr).as(c))
			p.stop()
			if good, err = os.ReadFile(path); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func swap(b []byte) func(i, j int) { return func(i, j int) { b[i], b[j] = b[j], b[i] } }

// TestDatabaseDamagedMeanwhile overwrites the database under a running server: every
// request is still answered, granted or not (ERR-4), and the next start says it.
func TestDatabaseDamagedMeanwhile(t *testing.T) {
	begin(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "defensive.db")
	p := start(t, setup{dir: dir})
	var all []*client
	for i := range 300 {
		c, err := newcomer(p.addr, fmt.Sprint("client ", i))
		if err != nil {
			t.Fatal(err)
		}
		c.close()
		all = append(all, c)
	}
	p.stop()
	p = start(t, setup{dir: dir}) // has nothing in its caches
	size, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	junk := make([]byte, size.Size()-4096)
	for i := range junk {
		junk[i] = byte(choices(0).Uint32() + uint32(i)*31)
	}
	if _, err := file.WriteAt(junk, 4096); err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, c := range all[:50] {
		c := mustDial(t, p.addr).as(c)
		for _, err := range []error{c.login(), c.upload("f", []byte("text")), c.register("x" + c.name)} {
			if errors.Is(err, errRefused) {
				refused++
			} else if err != nil {
				t.Errorf("not answered: %v", err)
			}
		}
	}
	t.Logf("%d of 150 requests refused", refused)
	if refused == 0 {
		t.Error("the damage made no difference")
	}
	p.alive()
	p.kill()
	wantNoStart(t, setup{dir: dir}, "move it away")
}
