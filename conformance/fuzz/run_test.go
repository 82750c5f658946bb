package fuzz

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// numbers is a subject whose conversations are lists of numbers. Its target breaks
// a clause when all of a few numbers were said in their order.
type numbers struct {
	wrong    []int
	weak     bool
	happens  int // how often it still happens; -1: always
	played   [][]int
	renewals int
	renewing func() error // is called at a renewal; nil for nothing
}

func (n *numbers) Draw(r *rand.Rand) []int {
	var c []int
	for range r.IntN(20) {
		c = append(c, r.IntN(10))
	}
	return c
}

func (n *numbers) Play(_ context.Context, c []int, _ bool) (*Result, error) {
	n.played = append(n.played, c)
	out := &Result{Steps: len(c), Requests: len(c)}
	at := 0
	for i, number := range c {
		if at < len(n.wrong) && number == n.wrong[at] {
			at++
		}
		if at == len(n.wrong) && n.happens != 0 {
			n.happens--
			out.Steps = i + 1
			out.Finding = &Finding{Clause: "ERR-4", Weak: n.weak}
			return out, nil
		}
	}
	if len(c) > 0 {
		out.Traits = []string{string(rune('0' + c[0]))}
	}
	return out, nil
}

func (n *numbers) Renew(context.Context) error {
	n.renewals++
	if n.renewing != nil {
		return n.renewing()
	}
	return nil
}

func (n *numbers) Simpler(c []int, _ *Result) iter.Seq[[]int] { return Shorter(c) }

func TestWhatIsFoundIsShrunkToWhatMatters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.IntRange(0, 9)
		wrong := rapid.SliceOfN(digits, 1, 5).Draw(t, "wrong")
		var all []int
		for _, number := range wrong {
			all = append(append(all, rapid.SliceOfN(digits, 0, 6).Draw(t, "before")...), number)
		}
		all = append(all, rapid.SliceOfN(digits, 0, 6).Draw(t, "after")...)
		s := &numbers{wrong: wrong, happens: -1}
		r, err := s.Play(t.Context(), all, false)
		if err != nil || r.Finding == nil {
			t.Fatalf("%v, %v", r, err)
		}
		got, _, err := shrink(t.Context(), s, all, r, 1000, time.Now().Add(time.Hour))
		if err != nil || !slices.Equal(got, wrong) {
			t.Fatalf("shrunk %v to %v, want %v (%v)", all, got, wrong, err)
		}
	})
}

func TestChangedReplacesOneElement(t *testing.T) {
	var got [][]int
	for list := range Changed([]int{1, 2}, func(n int) []int { return []int{0, -n} }) {
		got = append(got, list)
	}
	if want := [][]int{{1, 0}, {1, -2}, {0, 2}, {-1, 2}}; !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTheSameSeedFindsTheSame(t *testing.T) {
	var found [2]*Outcome[[]int]
	for i := range found {
		s := &numbers{wrong: []int{7, 3}, happens: -1}
		out, err := Run(t.Context(), Config{Seed: 5, Most: 500}, s)
		if err != nil || out.Found == nil {
			t.Fatalf("%+v, %v", out, err)
		}
		if out.Again != repeats || out.Tries != repeats || s.renewals != repeats+1 {
			t.Errorf("happened %d of %d times, on %d new targets", out.Again, out.Tries, s.renewals)
		}
		found[i] = out
	}
	if a, b := found[0], found[1]; a.Of != b.Of || !slices.Equal(a.Conversation, []int{7, 3}) || !slices.Equal(b.Conversation, []int{7, 3}) {
		t.Errorf("found %v in %s, and %v in %s", a.Conversation, a.Of, b.Conversation, b.Of)
	}
}

func TestRunComesToItsEnd(t *testing.T) {
	s := &numbers{wrong: []int{10}}
	out, err := Run(t.Context(), Config{Most: 25, Renew: 10}, s)
	if err != nil || out.Found != nil || out.Conversations != 25 || s.renewals != 2 {
		t.Errorf("%+v, %d renewals, %v", out, s.renewals, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if out, err = Run(ctx, Config{Most: 25}, s); err != nil || out.Conversations != 0 {
		t.Errorf("interrupted: %+v, %v", out, err)
	}
}

// What was only late is no finding if it does not come again; what was wrong is.
func TestWhatDoesNotComeAgain(t *testing.T) {
	s := &numbers{wrong: []int{7}, happens: 1, weak: true}
	out, err := Run(t.Context(), Config{Most: 30}, s)
	if err != nil || out.Found != nil || out.Once != 1 || out.Conversations != 30 {
		t.Errorf("late once: %+v, %v", out, err)
	}
	s = &numbers{wrong: []int{7}, happens: 1}
	out, err = Run(t.Context(), Config{Most: 30}, s)
	if err != nil || out.Found == nil || out.Again != 0 || out.Tries != repeats {
		t.Errorf("wrong once: %+v, %v", out, err)
	}
}

func TestCorpusIsTriedFirst(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "corpus")
	out, err := Run(t.Context(), Config{Most: 500, Corpus: folder}, &numbers{wrong: []int{7, 3}, happens: -1})
	if err != nil || out.Found == nil {
		t.Fatalf("%+v, %v", out, err)
	}
	kept := names(t, folder)
	if !strings.HasPrefix(kept[0], "fail-err-4-") || len(kept) < 2 || !strings.HasPrefix(kept[1], "new-") {
		t.Fatalf("kept: %v", kept)
	}
	s := &numbers{wrong: []int{7, 3}, happens: -1}
	if out, err = Run(t.Context(), Config{Most: 500, Corpus: folder}, s); err != nil || out.Conversations != 1 {
		t.Errorf("with the corpus: %+v, %v", out, err)
	}
	if !slices.Equal(s.played[0], []int{7, 3}) {
		t.Errorf("first was played %v", s.played[0])
	}
	right := &numbers{wrong: []int{10}}
	if out, err = Run(t.Context(), Config{Most: len(kept) + 5, Corpus: folder}, right); err != nil || out.Kept != len(kept) || out.Conversations != len(kept)+5 {
		t.Errorf("on a target without the mistake: %+v, %v", out, err)
	}
}

func names(t *testing.T, folder string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestCorpusThatCannotBeRead(t *testing.T) {
	for content, want := range map[string]string{
		`{"op":`:    "one.json is no conversation of this kind",
		`["seven"]`: "one.json is no conversation of this kind",
		`[1] [2]`:   "there is more behind it",
	} {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "one.json"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Run(t.Context(), Config{Most: 1, Corpus: folder}, &numbers{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", content, err, want)
		}
	}
}

// A target that is lost while a finding is looked into is no target without one.
func TestFindingOfATargetThatIsLost(t *testing.T) {
	for _, weak := range []bool{false, true} {
		for lost := range 3 { // before it is shrunk, and before and after it is repeated
			s := &numbers{wrong: []int{3, 5}, weak: weak, happens: -1}
			s.renewing = func() error {
				if s.renewals > lost {
					return &LostError{errors.New("it does not start again")}
				}
				return nil
			}
			out, err := Run(t.Context(), Config{Seed: 1, Most: 1000}, s)
			if _, ok := errors.AsType[*LostError](err); !ok {
				t.Errorf("weak %v, lost after %d: %v, want a LostError", weak, lost, err)
			}
			if counts := !weak || out.Again > 0; (out.Found != nil) != counts {
				t.Errorf("weak %v, lost after %d: found %v", weak, lost, out.Found)
			}
		}
	}
}

func TestFindingThatCannotBeKept(t *testing.T) {
	folder := t.TempDir()
	s := &numbers{wrong: []int{3, 5}, happens: -1, renewing: func() error { return os.RemoveAll(folder) }}
	out, err := Run(t.Context(), Config{Seed: 1, Most: 1000, Corpus: folder}, s)
	if err == nil || out.Found == nil {
		t.Errorf("found %v, error %v; want both", out.Found, err)
	}
}
