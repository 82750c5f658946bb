package main

import (
	"os"
	"strings"
	"testing"
)

// What selftest compares with has to have every mutant.
func TestKillMatrixHasEveryMutant(t *testing.T) {
	page, err := os.ReadFile("../../mutants/README.md")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, m := range allMutants() {
		ids = append(ids, m.ID)
	}
	for _, v := range allVariations() {
		ids = append(ids, v.ID)
	}
	for _, id := range ids {
		if !strings.Contains(string(page), "| "+id+" |") {
			t.Errorf("%s is not in the matrix: xferspec selftest --markdown conformance/mutants/README.md", id)
		}
	}
}
