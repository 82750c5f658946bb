package wrong_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/conformance/fuzz/client"
	"github.com/xferspec/xferspec/conformance/internal/verdicttest"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
)

// fuzzed are the mistakes that break a MUST, and how many rules it takes to show them.
var fuzzed = []struct {
	mistake, clauses string
	rules            int
}{
	{"one-recv", "LGN-8 KEY-1", 1}, // 1605 or 1600 comes byte by byte
	{"no-thanks", "RTY-1", 1},
	{"long-key", "KEY-1", 0},
}

func TestFuzzClient(t *testing.T) {
	fuzzClient := func(t *testing.T, most int, args ...string) *fuzz.Outcome[client.Plan] {
		t.Helper()
		ed, err := spec.LookupEdition(spec.DefaultEdition)
		if err != nil {
			t.Fatal(err)
		}
		s, err := client.Open(t.Context(), ed, target.ClientConfig{Command: verdicttest.Command(t, "client.py", args...)}, 1)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		out, err := fuzz.Run(t.Context(), fuzz.Config{Seed: 3, Most: most}, s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	t.Run("correct", func(t *testing.T) {
		t.Parallel()
		if out := fuzzClient(t, 12); out.Found != nil {
			t.Errorf("%v, after %q", out.Found.Finding, out.Found.Story)
		}
	})
	for _, row := range fuzzed {
		t.Run(row.mistake, func(t *testing.T) {
			t.Parallel()
			out := fuzzClient(t, 60, "--mistake", row.mistake)
			if out.Found == nil {
				t.Fatalf("nothing found in %d runs", out.Conversations)
			}
			if f := out.Found.Finding; !slices.Contains(strings.Fields(row.clauses), f.Clause) || len(out.Conversation.Rules) > row.rules {
				t.Errorf("%v, after %q; want %s with at most %d rules", f, out.Found.Story, row.clauses, row.rules)
			}
		})
	}
}
