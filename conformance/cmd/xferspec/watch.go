package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/project"
	"github.com/xferspec/xferspec/conformance/report"
)

// watchConfigured tests what xferspec.yaml names again and again, until it is
// interrupted, and exits with the status of the last whole run.
func watchConfigured(cmd *cobra.Command, f *testFlags) error {
	w, err := newWatcher(f)
	if err != nil {
		return err
	}
	defer func() { _ = w.notify.Close() }()
	args := slices.DeleteFunc(slices.Clone(os.Args[1:]), func(arg string) bool {
		return strings.HasPrefix(arg, "--watch") || strings.HasPrefix(arg, "--last-failed")
	})
	status := report.ExitIncomplete // of a run that was given up
	run := func(ctx context.Context, more ...string) int {
		s, err := runSelf(ctx, append(slices.Clone(args), more...)...)
		if err != nil {
			return report.ExitFault
		}
		return s
	}
	out := cmd.OutOrStdout()
	w.loop(cmd.Context(), func(ctx context.Context, changed string) {
		if changed != "" {
			fmt.Fprintf(out, "\n--- %s changed\n", filepath.Clean(changed))
			if f.someFailed() {
				s := run(ctx, "--last-failed")
				if ctx.Err() != nil {
					return
				}
				if s != report.ExitConformant {
					status = s
					return
				}
				fmt.Fprintln(out, "\n--- these pass now; all cases")
			}
		}
		if s := run(ctx); ctx.Err() == nil {
			status = s
		}
	}, func() { fmt.Fprintln(out, "\n--- waiting for a file to change; Ctrl-C ends") })
	if status != report.ExitConformant {
		return &exitError{status: status}
	}
	return nil
}

// someFailed says whether a target is remembered for a case that did not pass.
func (f *testFlags) someFailed() bool {
	file, err := config.Read(config.Name)
	if err != nil {
		return false // the run will say so
	}
	edition := f.editionFor(file)
	return file.Server != nil && len(recall("server", edition, *file.Server).Cases) > 0 ||
		file.Client != nil && len(recall("client", edition, *file.Client).Cases) > 0
}

// watcher waits until the content of files changes. Events only wake it up: what
// counts is the digest, so that an editor's temporary files, or a compiler that
// writes the same again, start nothing.
type watcher struct {
	notify *fsnotify.Watcher
	roots  []string // folders, watched with all in them that tools have not made
	own    []string // absolute paths of what the run itself writes
	made   []string // endings of what it leaves beside the sources
	pause  time.Duration
}

func newWatcher(f *testFlags) (*watcher, error) {
	w := &watcher{roots: []string{"."}, pause: 200 * time.Millisecond}
	file, err := config.Read(config.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("--watch reads %s: 'xferspec init' writes it", config.Name)
	}
	if err != nil {
		return nil, err
	}
	within := 0
	for _, t := range []*config.Target{file.Server, file.Client} {
		switch {
		case t == nil || t.Addr != "" || t.Image != "":
			continue
		case len(t.Compile) > 0: // its sources are here, and what comes out is made
			w.made = compiled
			if len(t.Run) > 0 {
				program := absolute(filepath.Join(t.Dir, t.Run[0]))
				w.own = append(w.own, program, program+".exe")
			}
		case t.Build != "":
			w.roots = append(w.roots, t.Build)
		case t.Dir != "":
			w.roots = append(w.roots, t.Dir)
		}
		within++
	}
	if within == 0 {
		return nil, fmt.Errorf("--watch: %s names an address or an image, whose files are not here: run 'xferspec test' again when it has changed", config.Name)
	}
	for _, form := range forms {
		path := *f.files.paths[form.name]
		for _, name := range []string{path, ofRole(path, 1), ofRole(path, 2)} {
			w.own = append(w.own, absolute(name))
		}
	}
	w.own = append(w.own, absolute(f.traces.folder))
	w.notify, err = fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("--watch: %w", err)
	}
	return w, nil
}

func absolute(path string) string {
	if path == "" {
		return ""
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	return whole
}

// loop calls run at once, and again whenever a file has changed, with its name;
// idle before each time that it waits. It returns when ctx ends.
func (w *watcher) loop(ctx context.Context, run func(ctx context.Context, changed string), idle func()) {
	events := make(chan string, 1)
	go w.collect(ctx, events)
	changed := ""
	for {
		seen := w.digest()
		run(ctx, changed)
		if ctx.Err() == nil {
			idle()
		}
		for w.digest() == seen {
			if changed = w.wait(ctx, events); ctx.Err() != nil {
				return
			}
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// collect passes on that something happened, never more than one that waits.
func (w *watcher) collect(ctx context.Context, events chan<- string) {
	for {
		name := ""
		select {
		case <-ctx.Done():
			return
		case event, ok := <-w.notify.Events:
			if !ok {
				return
			}
			name = event.Name
		case _, ok := <-w.notify.Errors: // some events were lost: look
			if !ok {
				return
			}
		}
		if !w.ignored(name) {
			select {
			case events <- name:
			default:
			}
		}
	}
}

// wait waits for an event and then for the end of a burst of them.
func (w *watcher) wait(ctx context.Context, events <-chan string) (name string) {
	select {
	case <-ctx.Done():
		return ""
	case name = <-events:
	}
	for {
		select {
		case <-ctx.Done():
			return ""
		case <-events:
		case <-time.After(w.pause):
			return name
		}
	}
}

// compiled are the endings of what compilers leave beside the sources. They need not
// make the same of the same sources again.
var compiled = []string{".o", ".obj", ".a", ".lib", ".pdb", ".ilk", ".class"}

// ignored says whether a file is made by a tool or by the run.
func (w *watcher) ignored(path string) bool {
	base := filepath.Base(path)
	return path != "" && (strings.HasPrefix(base, ".") && base != "." || strings.HasSuffix(base, "~") ||
		strings.HasSuffix(base, ".pyc") || slices.Contains(w.made, filepath.Ext(base)) || slices.Contains(w.own, absolute(path)))
}

// digest is that of all files, and sees to it that new folders are watched.
func (w *watcher) digest() string {
	d := newDigest()
	for _, root := range w.roots {
		_ = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil //nolint:nilerr // it went away
			case e.IsDir() && path != root && (project.IsMade(e.Name()) || w.ignored(path)):
				return fs.SkipDir
			case e.IsDir():
				_ = w.notify.Add(path) // the digest sees what events do not tell
			case e.Type().IsRegular() && !w.ignored(path):
				_ = d.file(path, path)
			}
			return nil
		})
	}
	return d.String()
}
