package wrong_test

import (
	"testing"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/conformance/fuzz/server"
	"github.com/xferspec/xferspec/conformance/internal/verdicttest"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
)

// fuzzed are the mistakes that break a MUST, and how many requests of a
// conversation show them.
var fuzzed = []struct {
	mistake, clause string
	requests        int
}{
	{"id-from-header", "REG-2", 1},
	{"no-padding-check", "FIL-13", 3},
	{"zlib-cksum", "CRC-1", 3},
	{"exits", "ERR-4", 3},
}

func TestFuzzServer(t *testing.T) {
	fuzzServer := func(t *testing.T, most int, args ...string) *fuzz.Outcome[server.Conversation] {
		t.Helper()
		ed, err := spec.LookupEdition(spec.DefaultEdition)
		if err != nil {
			t.Fatal(err)
		}
		s, err := server.Open(t.Context(), ed, target.ServerConfig{Command: verdicttest.Command(t, "server.py", args...)}, 1)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		out, err := fuzz.Run(t.Context(), fuzz.Config{Seed: 4, Most: most}, s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	t.Run("correct", func(t *testing.T) {
		t.Parallel()
		if out := fuzzServer(t, 12); out.Found != nil {
			t.Errorf("%v", out.Found.Finding)
		}
	})
	for _, row := range fuzzed {
		t.Run(row.mistake, func(t *testing.T) {
			t.Parallel()
			out := fuzzServer(t, 100, "--mistake", row.mistake)
			if out.Found == nil {
				t.Fatalf("nothing found in %d conversations", out.Conversations)
			}
			if f := out.Found.Finding; f.Clause != row.clause || len(out.Conversation) > row.requests {
				t.Errorf("%v, after %q; want %s after at most %d requests", f, out.Found.Story, row.clause, row.requests)
			}
		})
	}
}
