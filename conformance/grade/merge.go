package grade

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Collect copies the results in other folders, those of the shards of a run,
// into one. Two results of one submission that differ are an error: nobody
// could say which counts.
func Collect(out string, shards []string) error {
	for _, shard := range shards {
		entries, err := os.ReadDir(filepath.Join(shard, "submissions"))
		if err != nil {
			return fmt.Errorf("read the results of a shard: %w", err)
		}
		for _, entry := range entries {
			from, to := Folder(shard, entry.Name()), Folder(out, entry.Name())
			theirs, err := readResult(from)
			if errors.Is(err, fs.ErrNotExist) {
				continue // one that was interrupted
			}
			if err != nil {
				return err
			}
			ours, err := readResult(to)
			switch {
			case err == nil && ours.Digest == theirs.Digest:
				continue // it was copied before
			case err == nil:
				return fmt.Errorf("%s has two results, in %s and in %s, of different runs", entry.Name(), to, from)
			case !errors.Is(err, fs.ErrNotExist):
				return err
			}
			if err := copyResult(from, to); err != nil {
				return fmt.Errorf("copy the result of %s: %w", entry.Name(), err)
			}
		}
	}
	return nil
}

// Selected returns the only cases that were run in the shards of a run, nil if all
// were. Shards that do not agree are an error: their points would be of different
// things.
func Selected(shards []string) (cases []string, err error) {
	var first string
	for _, shard := range shards {
		entries, err := os.ReadDir(filepath.Join(shard, "submissions"))
		if err != nil {
			return nil, fmt.Errorf("read the results of a shard: %w", err)
		}
		for _, entry := range entries {
			folder := Folder(shard, entry.Name())
			g, err := readResult(folder)
			if errors.Is(err, fs.ErrNotExist) {
				continue // one that was interrupted
			}
			switch {
			case err != nil:
				return nil, err
			case first == "":
				first, cases = folder, g.Cases
			case !slices.Equal(cases, g.Cases):
				return nil, fmt.Errorf("shards of different runs: %s has %s, %s has %s", first, casesInWords(cases), folder, casesInWords(g.Cases))
			}
		}
	}
	return cases, nil
}

func casesInWords(cases []string) string {
	if len(cases) == 0 {
		return "all cases"
	}
	return "only " + strings.Join(cases, ", ")
}

// copyResult copies a folder so that it is there as a whole or not at all.
func copyResult(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil { //nolint:gosec // for whoever may read the grades
		return err
	}
	partial, err := os.MkdirTemp(filepath.Dir(to), ".partial-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(partial) }()
	if err := os.CopyFS(partial, os.DirFS(from)); err != nil {
		return err
	}
	if err := os.Chmod(partial, 0o755); err != nil { //nolint:gosec // for whoever may read the grades
		return err
	}
	return os.Rename(partial, to)
}

// Results returns the results of a class that are kept in a folder, by the names
// of their submissions.
func Results(out string, class *Class) (map[string]*Graded, error) {
	all := map[string]*Graded{}
	for _, s := range class.Submissions {
		g, err := readResult(Folder(out, s.Name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all[s.Name] = g
	}
	return all, nil
}
