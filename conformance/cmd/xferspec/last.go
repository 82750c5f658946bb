package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/report"
)

// last remembers from run to run which cases did not pass on a target, in the
// user's cache folder: the target's own folder stays as it is.
type last struct {
	path  string
	Cases []string `json:"cases"` // ids of those that failed, warned or were not run
	known bool     // there was a run before
}

// recall reads what is remembered of a target: its role, the edition, how it is
// reached, and from where.
func recall(role, edition string, t config.Target) *last {
	cache, err := os.UserCacheDir()
	if err != nil {
		return &last{} // nothing is remembered here
	}
	here, _ := os.Getwd()
	what := sha256.Sum256(fmt.Appendf(nil, "%q", append([]string{here, role, edition, t.Addr, t.Dir, t.Image, t.Build}, t.Run...)))
	l := &last{path: filepath.Join(cache, "xferspec", "last", hex.EncodeToString(what[:12])+".json")}
	text, err := os.ReadFile(l.path)
	l.known = err == nil && json.Unmarshal(text, l) == nil
	return l
}

// selectFrom keeps of a plan the cases that did not pass the last time. If there is
// none it keeps all: a run of nothing would say nothing.
func (l *last) selectFrom(plan []conformance.Planned) (kept []conformance.Planned, note string) {
	for _, p := range plan {
		if slices.Contains(l.Cases, p.ID) {
			kept = append(kept, p)
		}
	}
	switch {
	case len(kept) > 0:
		return kept, fmt.Sprintf("--last-failed: only %d of %d cases were run, those that did not pass the last time", len(kept), len(plan))
	case l.known:
		return plan, "--last-failed: all of these cases passed the last time, so all were run"
	}
	return plan, "--last-failed: nothing is remembered of this target, so all cases were run"
}

// remember notes what became of the cases; those that were not in this run stay
// as they were.
func (l *last) remember(r *report.Report) error {
	if l.path == "" {
		return nil
	}
	for _, c := range r.Cases {
		l.Cases = slices.DeleteFunc(l.Cases, func(id string) bool { return id == c.ID })
	}
	for _, c := range r.With(report.Failed, report.Warned, report.NotRun) {
		l.Cases = append(l.Cases, c.ID)
	}
	text, err := json.Marshal(l)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(l.path), 0o700)
	}
	if err == nil {
		err = os.WriteFile(l.path, text, 0o600)
	}
	return err
}
