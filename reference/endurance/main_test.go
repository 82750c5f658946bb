//go:build linux

package endurance

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

var (
	faults = flag.String("faults", "", "run the tests: `bounded`, for a minute in all, or full")
	seed   = flag.Uint64("seed", 1, "what the random choices follow from")
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// serverProgram is the path of xfer-server.
var serverProgram string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	bench := flag.Lookup("test.bench").Value.String() != ""
	switch {
	case *faults != "" && *faults != "bounded" && *faults != "full":
		fmt.Fprintf(os.Stderr, "-faults %q: must be bounded or full\n", *faults)
		return 2
	case *faults == "" && !bench:
		return m.Run()
	}
	folder, err := os.MkdirTemp("", "endurance")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := os.Chmod(folder, 0o755); err != nil { // other users run it too
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	serverProgram = filepath.Join(folder, "xfer-server")
	if out, err := exec.Command("go", "build", "-o", serverProgram, "../cmd/xfer-server").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the server: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// size returns how much of something a test does, and skips it without -faults.
func size(t *testing.T, bounded, full int) int {
	t.Helper()
	switch *faults {
	case "bounded":
		return bounded
	case "full":
		return full
	}
	t.Skip("runs with ci/faults")
	return 0
}

// begin skips a test without -faults that has one size.
func begin(t *testing.T) { t.Helper(); size(t, 1, 1) }

// choices returns the random choices of one part of a test.
func choices(part int) *rand.Rand { return rand.New(rand.NewPCG(*seed, uint64(part))) }
