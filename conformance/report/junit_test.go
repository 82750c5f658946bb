package report

import (
	"bytes"
	"encoding/xml"
	"os/exec"
	"testing"
)

func TestJUnit(t *testing.T) {
	r := &Report{Role: "server", Edition: "2024a"}
	for _, status := range inOrder {
		r.Cases = append(r.Cases, Case{ID: "SRV-REG-01", Title: "does it", Group: "registration", Status: status, Message: "expected: a < b\nactual:   \x1b[31m", Reason: "so"})
	}
	for _, tt := range []struct {
		strict                    bool
		failures, errors, skipped int
	}{{false, 1, 1, 2}, {true, 2, 1, 2}} {
		r.Strict = tt.strict
		var b bytes.Buffer
		if err := r.WriteJUnit(&b); err != nil {
			t.Fatal(err)
		}
		var suites junitSuites
		if err := xml.Unmarshal(b.Bytes(), &suites); err != nil {
			t.Fatalf("%v\n%s", err, &b)
		}
		s := suites.Suites[0]
		if s.Tests != len(r.Cases) || s.Failures != tt.failures || s.Errors != tt.errors || s.Skipped != tt.skipped {
			t.Errorf("strict %t: %+v", tt.strict, s)
		}
		if c := s.Cases[1]; c.Class != "server.registration" || c.Name != "SRV-REG-01 does it" || c.Failure.Message != "expected a < b, actual \ufffd[31m" {
			t.Errorf("%+v", c)
		}
	}
}

func TestJUnitFollowsItsSchema(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Fatalf("no xmllint (apt-get install libxml2-utils): %v", err)
	}
	strict := sample()
	strict.Strict = true
	for name, r := range map[string]*Report{"every status": sample(), "strict": strict, "no cases": {Role: "client"}} {
		path := inFile(t, written(t, func(b *bytes.Buffer) error { return r.WriteJUnit(b) }))
		check := exec.CommandContext(t.Context(), xmllint, "--nonet", "--noout", "--schema", "testdata/junit.xsd", path)
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
