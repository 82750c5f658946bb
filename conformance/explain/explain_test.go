package explain_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance"
	_ "github.com/xferspec/xferspec/conformance/client"
	"github.com/xferspec/xferspec/conformance/explain"
	_ "github.com/xferspec/xferspec/conformance/server"
	"github.com/xferspec/xferspec/spec"
)

func explainer(t *testing.T, edition string) *explain.Explainer {
	t.Helper()
	all, err := conformance.ReadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	ed, err := spec.LookupEdition(edition)
	if err != nil {
		t.Fatal(err)
	}
	return &explain.Explainer{Catalogue: all, Edition: ed}
}

// TestEverythingCanBeExplained looks for what every clause and case has to have,
// in every edition.
func TestEverythingCanBeExplained(t *testing.T) {
	for _, ed := range spec.Editions() {
		x := explainer(t, ed.Name)
		for _, c := range spec.Clauses() {
			run := "xferspec test " + strings.Split(c.Roles.String(), ",")[0] + " --clause " + c.ID
			expect(t, x, c.ID, c.ID+"  "+c.Level.String(), "Why: ", "Level: ", "\ncases\n", run)
		}
		for _, c := range x.Catalogue {
			expect(t, x, c.ID, c.ID+"  the "+c.Role.String()+" "+c.Title, c.Clauses[0].ID+"  ", "--case "+c.ID)
		}
	}
}

func expect(t *testing.T, x *explain.Explainer, id string, want ...string) {
	t.Helper()
	var out bytes.Buffer
	if err := x.Write(&out, id); err != nil {
		t.Errorf("%s: %v", id, err)
	}
	for _, w := range want {
		if !strings.Contains(out.String(), w) {
			t.Errorf("%s in %s: no %q in\n%s", id, x.Edition.Name, w, &out)
		}
	}
}

func TestTheTextIsWholeHoweverItIsBroken(t *testing.T) {
	x := explainer(t, spec.DefaultEdition)
	for _, c := range spec.Clauses() {
		var out bytes.Buffer
		if err := x.Write(&out, c.ID); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), c.Text) {
			t.Errorf("%s: the text is not %q:\n%s", c.ID, c.Text, &out)
		}
	}
}

func TestUnknownIDs(t *testing.T) {
	x := explainer(t, spec.DefaultEdition)
	for id, near := range map[string]string{
		"REG-66": "REG-6", "REGG": "REG", "SRV_REG_04": "SRV-REG-04", "fil.12": "FIL-12", "regster": "register",
		"": "", "nonsense": "", "1": "", "99999": "", "FIL-12; rm": "", "\x1b[31m": "",
	} {
		var out bytes.Buffer
		err := x.Write(&out, id)
		unknown, ok := errors.AsType[*explain.UnknownError](err)
		if !ok || out.Len() > 0 {
			t.Errorf("%q: error %v, output %q", id, err, &out)
			continue
		}
		if near == "" && len(unknown.Near) > 0 || near != "" && !strings.Contains(strings.Join(unknown.Near, " "), near) {
			t.Errorf("%q: near are %q, want %q", id, unknown.Near, near)
		}
	}
}

type brokenWriter struct{ left int }

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.left--; w.left < 0 {
		return 0, errors.New("broken")
	}
	return len(p), nil
}

func TestWriteFails(t *testing.T) {
	x := explainer(t, spec.DefaultEdition)
	for _, id := range []string{"FIL-12", "SRV-REG-04", "FRM", "1026"} {
		for _, left := range []int{0, 3} {
			if err := x.Write(&brokenWriter{left}, id); err == nil || err.Error() != "broken" {
				t.Errorf("%s: error %v", id, err)
			}
		}
	}
}
