package server_test

import (
	"bufio"
	"context"
	"database/sql"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xferspec/xferspec/reference/server"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// fixture is a server that runs in this process.
type fixture struct {
	testing.TB
	ed     *spec.Edition
	dir    string
	limits server.Limits
	faults *faults // of the server, so far
	addr   string
	dialer func() (net.Conn, error)
	end    func() // shuts the server down and waits for it
}

// edition returns an edition by name.
func edition(t testing.TB, name string) *spec.Edition {
	t.Helper()
	ed, err := spec.LookupEdition(name)
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

// inEveryEdition runs a test against a new server of each edition.
func inEveryEdition(t *testing.T, test func(t *testing.T, f *fixture)) {
	for _, ed := range spec.Editions() {
		t.Run(ed.Name, func(t *testing.T) {
			t.Parallel() // they mostly wait for the disk
			test(t, serve(t, ed, t.TempDir()))
		})
	}
}

// serve starts a server in a folder.
func serve(t testing.TB, ed *spec.Edition, dir string) *fixture {
	t.Helper()
	f := &fixture{TB: t, ed: ed, dir: dir}
	f.start()
	return f
}

// start starts the server on a free port, again if it was ended.
func (f *fixture) start() {
	f.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	f.addr = listener.Addr().String()
	f.startOn(listener)
}

// servePipes starts a server whose connections are pipes: a write to one returns
// only when the server has read it all.
func servePipes(t testing.TB, limits server.Limits) *fixture {
	t.Helper()
	f := &fixture{TB: t, ed: edition(t, spec.DefaultEdition), dir: t.TempDir(), limits: limits}
	listener := newPipes()
	f.dialer = listener.dial
	f.startOn(listener)
	return f
}

// startOn starts the server on a listener.
func (f *fixture) startOn(listener net.Listener) {
	f.Helper()
	f.faults = newFaults(f.TB)
	s, err := server.New(server.Config{Edition: f.ed, Dir: f.dir, Log: slog.New(f.faults), Limits: f.limits})
	if err != nil {
		f.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, listener) }()
	ended := false
	f.end = func() {
		if ended {
			return
		}
		ended = true
		cancel()
		select {
		case err := <-served:
			if err != nil {
				f.Errorf("Serve: %v", err)
			}
		case <-time.After(patience):
			f.Error("the server does not end")
		}
	}
	f.Cleanup(func() {
		f.end()
		if n := f.faults.count.Load(); n > 0 {
			f.Errorf("%d faults of the server", n)
		}
	})
}

// in returns the same server for a subtest, which then is the one that fails.
func (f *fixture) in(t testing.TB) *fixture {
	g := *f
	g.TB = t
	return &g
}

// stored returns the content of a client's file.
func (f *fixture) stored(id wire.ID, name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(f.dir, "clients", id.String(), "files", name))
}

// paths returns all files below the folder but the database's.
func (f *fixture) paths() []string {
	f.Helper()
	var paths []string
	err := filepath.WalkDir(filepath.Join(f.dir, "clients"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			paths = append(paths, path)
		}
		if os.IsNotExist(err) {
			return nil
		}
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	return paths
}

// query returns the one value that an SQL query finds in the database, as text;
// "" for none.
func (f *fixture) query(query string, args ...any) string {
	f.Helper()
	db, err := sql.Open("sqlite", filepath.Join(f.dir, f.ed.Database))
	if err != nil {
		f.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var value sql.NullString
	if err := db.QueryRow(query, args...).Scan(&value); err != nil && err != sql.ErrNoRows {
		f.Fatal(err)
	}
	return value.String
}

// exec changes the database behind the server's back.
func (f *fixture) exec(statement string) {
	f.Helper()
	db, err := sql.Open("sqlite", filepath.Join(f.dir, f.ed.Database)+"?_pragma=busy_timeout(5000)")
	if err != nil {
		f.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(statement); err != nil {
		f.Fatal(err)
	}
}

// listening reads a server's log up to the line that tells its address, and the
// rest of it in the background.
func listening(t testing.TB, log io.Reader) (addr string) {
	t.Helper()
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if _, rest, ok := strings.Cut(lines.Text(), " msg=listening addr="); ok {
			addr, _, _ = strings.Cut(rest, " ")
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return addr
		}
	}
	t.Fatal("the server ended before it listened")
	return ""
}

// verified says what the database knows of a file: "1", "0" or "" if there is none.
func (f *fixture) verified(id wire.ID, name string) string {
	f.Helper()
	return f.query("SELECT verified FROM files WHERE id = ? AND file_name = ?", id[:], name)
}
