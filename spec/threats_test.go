package spec

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestThreatsNameTestsThatAreThere: threats.md names for every threat a test, or
// says in bold that nothing stops it, and the tests exist.
func TestThreatsNameTestsThatAreThere(t *testing.T) {
	page, err := os.ReadFile("threats.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`([a-z/]+)`|\\b(Test\\w+)")
	rows := 0
	for i, line := range strings.Split(string(page), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || strings.HasPrefix(line, "|---") || strings.HasSuffix(line, "| test |") {
			continue
		}
		rows++
		folder, tests := "", 0
		for _, m := range named.FindAllStringSubmatch(cells[3], -1) {
			if m[1] != "" {
				folder = m[1]
				continue
			}
			tests++
			if !hasTest(t, filepath.Join("..", folder), m[2]) {
				t.Errorf("line %d: %s has no %s", i+1, folder, m[2])
			}
		}
		if tests == 0 && !strings.Contains(cells[2], "**nothing") {
			t.Errorf("line %d: no test is named", i+1)
		}
	}
	if rows < 20 {
		t.Errorf("%d threats", rows)
	}
}

// hasTest says whether a test function is in a folder.
func hasTest(t *testing.T, folder, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc "+name+"(t *testing.T)") {
			return true
		}
	}
	return false
}
