package dissector

import (
	"bytes"
	"errors"
	"os"
	"regexp"
	"testing"

	"github.com/xferspec/xferspec/spec"
)

// TestCommitted: the file in this folder is what the editions make of it.
func TestCommitted(t *testing.T) {
	want, err := os.ReadFile("xferspec.lua")
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := Generate(&got); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Error("xferspec.lua is not what the editions, layouts and clauses say: go generate ./spec/dissector")
	}
}

// TestCitedClauses: the dissector has the text of every clause that it cites.
func TestCitedClauses(t *testing.T) {
	var file bytes.Buffer
	if err := Generate(&file); err != nil {
		t.Fatal(err)
	}
	texts := map[string]bool{}
	for _, clause := range newTables().Clauses {
		texts[clause.ID] = true
	}
	cited := regexp.MustCompile(`"([A-Z]{3}-[0-9]+)"`).FindAllStringSubmatch(file.String(), -1)
	for _, match := range cited {
		if _, ok := spec.LookupClause(match[1]); !ok || !texts[match[1]] {
			t.Errorf("%s is cited without a text", match[1])
		}
	}
	if len(texts) < 10 || len(cited) < len(texts) {
		t.Errorf("%d texts, %d cited", len(texts), len(cited))
	}
}

func TestGenerateFails(t *testing.T) {
	full := errors.New("full")
	if err := Generate(failing{full}); !errors.Is(err, full) {
		t.Errorf("error is %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestLuaQuotes(t *testing.T) {
	if got := lua("a \"b\" \\ c\n"); got != `"a \"b\" \\ c\n"` {
		t.Errorf("got %s", got)
	}
}
