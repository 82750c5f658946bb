package server_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/conformance/server"
	"github.com/xferspec/xferspec/harness/target"
	reference "github.com/xferspec/xferspec/reference/server"
	"github.com/xferspec/xferspec/spec"
)

// Cases run once in a process, and the reference server is a process of its
// own, so this program plays all parts: roleVariable says which.
const (
	roleVariable    = "XFERSPEC_TEST_ROLE"
	editionVariable = "XFERSPEC_TEST_EDITION"

	roleServer = "server" // the reference server
	roleSuite  = "suite"  // the suite, on that server
)

func TestMain(m *testing.M) {
	os.Exit(play(m))
}

func play(m *testing.M) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	edition := os.Getenv(editionVariable)
	switch os.Getenv(roleVariable) {
	case roleServer:
		return reference.Main(ctx, []string{"--edition", edition}, os.Stdout, os.Stderr)
	case roleSuite:
		return runSuite(ctx, edition)
	}
	return m.Run()
}

// runSuite runs all cases on the reference server, tells what did not pass, and
// returns the exit status.
func runSuite(ctx context.Context, edition string) int {
	r, err := runCases(ctx, edition)
	if err != nil {
		fmt.Println(err)
		return report.ExitFault
	}
	for _, c := range r.With(report.Failed, report.Warned, report.NotRun) {
		fmt.Printf("%s %s: %s\n%s%s\n", c.ID, c.Status, c.Title, c.Message, c.Reason)
	}
	fmt.Printf("%s: %s %+v in %d ms\n%s", edition, r.Verdict, r.Counts, r.DurationMs, r.Reason)
	return r.ExitStatus()
}

func runCases(ctx context.Context, edition string) (*report.Report, error) {
	if err := os.Setenv(roleVariable, roleServer); err != nil { // for the target
		return nil, err
	}
	catalogue, err := conformance.ReadCatalogue()
	if err != nil {
		return nil, err
	}
	ed, err := spec.LookupEdition(edition)
	if err != nil {
		return nil, err
	}
	plan, err := catalogue.Plan(conformance.Selection{Role: spec.Server, Edition: ed})
	if err != nil {
		return nil, err
	}
	return server.Run(ctx, server.Config{
		Edition: ed, Target: target.ServerConfig{Command: []string{os.Args[0]}}, Plan: plan, Strict: true,
		TimeScale: 1, Done: func(report.Case) {},
	})
}

// TestReferenceServerPassesEveryCase runs the default edition, or the one that
// the environment names.
func TestReferenceServerPassesEveryCase(t *testing.T) {
	edition := cmp.Or(os.Getenv(editionVariable), spec.DefaultEdition)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	suite := exec.CommandContext(ctx, os.Args[0]) //nolint:gosec // this program
	suite.Env = append(os.Environ(), roleVariable+"="+roleSuite, editionVariable+"="+edition)
	out, err := suite.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

func TestCaseIDsNameTheGroupOfTheirFirstClause(t *testing.T) {
	catalogue, err := conformance.ReadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range catalogue {
		if want := "SRV-" + c.Clauses[0].Group() + "-"; !strings.HasPrefix(c.ID, want) {
			t.Errorf("%s is about %s first, its id should begin with %s", c.ID, c.Clauses[0].ID, want)
		}
	}
}
