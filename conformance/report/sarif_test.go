package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The official JSON Schema of SARIF 2.1.0, errata 01, is in this module, which is
// fetched as any other and is no dependency of this one.
const (
	sarifSchemaModule = "github.com/securego/gosec/v2@v2.29.0"
	sarifSchemaFile   = "report/sarif/testdata/sarif-schema-2.1.0.json"
	sarifSchemaSum    = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
)

func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	download := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", sarifSchemaModule)
	download.Dir, download.Env = t.TempDir(), append(os.Environ(), "GOFLAGS=-mod=mod")
	out, err := download.Output()
	var module struct{ Dir, Error string }
	if jsonErr := json.Unmarshal(out, &module); err != nil || jsonErr != nil {
		t.Fatalf("no schema of SARIF: go mod download %s: %v %s", sarifSchemaModule, err, module.Error)
	}
	text, err := os.ReadFile(filepath.Join(module.Dir, sarifSchemaFile))
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(text)); sum != sarifSchemaSum {
		t.Fatalf("%s has the SHA-256 %s, want %s", sarifSchemaFile, sum, sarifSchemaSum)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(sarifSchemaURL, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(sarifSchemaURL)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func asSARIF(t *testing.T, r *Report) string {
	t.Helper()
	return written(t, func(b *bytes.Buffer) error { return r.WriteSARIF(b) })
}

func TestSARIFFollowsItsSchema(t *testing.T) {
	schema := sarifSchema(t)
	later, strict, fault := sample(), sample(), sample()
	later.Cases[1].Clauses = []string{"REG-99"}
	strict.Strict = true
	fault.Fault = "panic: " + hostile
	for name, r := range map[string]*Report{
		"every status": sample(), "a clause of a later version": later, "strict": strict, "a fault": fault, "no cases": {Role: "client"},
	} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(asSARIF(t, r)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if schema.Validate(map[string]any{"version": "2.1.0"}) == nil {
		t.Error("the schema accepts a log without runs")
	}
}

func TestSARIF(t *testing.T) {
	r := sample()
	var log sarifLog
	if err := json.Unmarshal([]byte(asSARIF(t, r)), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Results) != 2 {
		t.Fatalf("%d results, want the failed and the warned case", len(run.Results))
	}
	protocol, err := os.ReadFile("../../" + clauseFile)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(protocol), "\n")
	for i, want := range []struct{ rule, level, ruleLevel string }{{"REG-6", "error", "error"}, {"STO-4", "warning", "warning"}} {
		result := run.Results[i]
		rule := run.Tool.Driver.Rules[result.RuleIndex]
		if result.RuleID != want.rule || rule.ID != want.rule || result.Level != want.level || rule.Config.Level != want.ruleLevel {
			t.Errorf("got %+v by rule %+v, want %+v", result, rule, want)
		}
		place := result.Locations[0].Physical
		if line := lines[place.Region.StartLine-1]; place.Artifact.URI != clauseFile || !strings.Contains(line, "**"+want.rule+"**") {
			t.Errorf("%s is not at %+v: %s", want.rule, place, line)
		}
		if !strings.Contains(rule.Help.Text, rule.Full.Text) || rule.Full.Text == "" {
			t.Errorf("%s has no text: %+v", want.rule, rule)
		}
	}
	if run.Invocations[0].ExitCode != ExitNonConformant || len(run.Invocations[0].Notifications) != 2 {
		t.Errorf("got %+v", run.Invocations[0])
	}
}
