package client_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/client"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/target"
	reference "github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/spec"
)

// Cases run once in a process, and the reference client is a process of its
// own, so this program plays all parts: roleVariable says which.
const (
	roleVariable    = "XFERSPEC_TEST_ROLE"
	editionVariable = "XFERSPEC_TEST_EDITION"

	roleClient = "client" // the reference client
	roleSuite  = "suite"  // the suite, on that client
)

func TestMain(m *testing.M) { os.Exit(play(m)) }

// play plays the part that is asked for and returns the exit status.
func play(m *testing.M) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	edition := os.Getenv(editionVariable)
	switch os.Getenv(roleVariable) {
	case roleClient:
		return reference.Main(ctx, []string{"--edition", edition}, os.Stdout, os.Stderr)
	case roleSuite:
		r, err := runSuite(ctx, edition)
		if err != nil {
			fmt.Println(err)
			return report.ExitFault
		}
		for _, c := range r.With(report.Failed, report.Warned, report.NotRun) {
			fmt.Printf("%s %s: %s\n%s%s\n", c.ID, c.Status, c.Title, c.Message, c.Reason)
		}
		fmt.Printf("%s: %s %+v in %d ms\n", edition, r.Verdict, r.Counts, r.DurationMs)
		return r.ExitStatus()
	}
	return m.Run()
}

// runSuite runs all cases on the reference client.
func runSuite(ctx context.Context, edition string) (*report.Report, error) {
	if err := os.Setenv(roleVariable, roleClient); err != nil { // for the target
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
	plan, err := catalogue.Plan(conformance.Selection{Role: spec.Client, Edition: ed})
	if err != nil {
		return nil, err
	}
	return client.Run(ctx, client.Config{
		Edition: ed, Target: target.ClientConfig{Command: []string{os.Args[0]}}, Plan: plan, Strict: true,
		Jobs: 2, TimeScale: 1, Done: func(report.Case) {},
	})
}

func TestReferenceClientPassesEveryCase(t *testing.T) {
	for _, ed := range spec.Editions() {
		t.Run(ed.Name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			suite := exec.CommandContext(ctx, os.Args[0]) //nolint:gosec // this program
			suite.Env = append(os.Environ(), roleVariable+"="+roleSuite, editionVariable+"="+ed.Name)
			out, err := suite.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			t.Logf("%s", out)
		})
	}
}

func TestCasesAreNumberedWithoutGaps(t *testing.T) {
	catalogue, err := conformance.ReadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	byGroup := map[string][]string{}
	for _, c := range catalogue {
		group := c.ID[:strings.LastIndex(c.ID, "-")]
		byGroup[group] = append(byGroup[group], c.ID)
		if c.Clauses[0].Group() != strings.Split(c.ID, "-")[1] {
			t.Errorf("%s is about %s first", c.ID, c.Clauses[0].ID)
		}
		for _, clause := range c.Clauses {
			if clause.Level != c.Clauses[0].Level {
				t.Errorf("%s: %s is a %s, %s a %s", c.ID, clause.ID, clause.Level, c.Clauses[0].ID, c.Clauses[0].Level)
			}
		}
	}
	for group, ids := range byGroup {
		slices.Sort(ids)
		for i, id := range ids {
			if want := fmt.Sprintf("%s-%02d", group, i+1); id != want {
				t.Errorf("%s follows where %s should", id, want)
				break
			}
		}
	}
}
