package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/spf13/pflag"
)

// write puts a text into a file.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// What is not followed by a run is seen by the next run, which is for something else.
func TestWatcherRunsForWhatChanged(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "main.py"), "1")
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = notify.Close() }()
	w := &watcher{notify: notify, roots: []string{dir}, own: []string{filepath.Join(dir, "report.html")}, pause: 20 * time.Millisecond}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	steps := []func(){ // what happens before each run but the first
		func() {
			write(t, filepath.Join(dir, "main.py"), "1") // the same
			write(t, filepath.Join(dir, "report.html"), "ours")
			write(t, filepath.Join(dir, ".main.py.swp"), "an editor's")
			write(t, filepath.Join(dir, "build", "main.o"), "a compiler's")
			write(t, filepath.Join(dir, "main.py"), "2")
		},
		func() { write(t, filepath.Join(dir, "sub", "new.py"), "1") },
		func() { write(t, filepath.Join(dir, "sub", "new.py"), "2") }, // in a folder that was not there
		func() { _ = os.Remove(filepath.Join(dir, "main.py")) },
		stop,
	}
	var runs []string
	w.loop(ctx, func(_ context.Context, changed string) { runs = append(runs, filepath.Base(changed)) }, func() {
		next := steps[0]
		steps = steps[1:]
		next()
	})
	if len(steps) != 0 || len(runs) != 5 {
		t.Errorf("ran for %q, want 5 runs; %d steps are left", runs, len(steps))
	}
}

// A compiler need not write the same again: what it makes starts no run.
func TestWatcherIgnoresWhatIsCompiled(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "xferspec.yaml", "server: {compile: [[make]], run: [./server]}\n")
	write(t, "main.cpp", "1")
	f := &testFlags{}
	f.files.add(pflag.NewFlagSet("test", pflag.ContinueOnError))
	w, err := newWatcher(f)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.notify.Close() }()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
	defer stop()
	runs := 0
	w.loop(ctx, func(context.Context, string) {
		runs++
		write(t, "main.o", fmt.Sprint(runs))
		write(t, "server", fmt.Sprint(runs))
	}, func() {})
	if runs != 1 {
		t.Errorf("%d runs, want 1", runs)
	}
}
