package report

import (
	"slices"
	"strings"
	"testing"
)

func shard(name string, ids ...string) *Report {
	r := &Report{Role: "server", Edition: "2024a", Suite: Suite{Catalogue: "c"}, Shard: name}
	for _, id := range ids {
		r.Cases = append(r.Cases, Case{ID: id, Status: Passed})
	}
	r.Finish()
	return r
}

func TestMergeJoinsShardsInOrder(t *testing.T) {
	order := []string{"A", "B", "C", "D"}
	merged, err := Merge(order, shard("2/2", "B", "D"), shard("1/2", "A", "C"))
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(merged.Cases); !slices.Equal(got, order) || merged.Counts.Planned != 4 || merged.Verdict != Conformant || merged.Shard != "" {
		t.Errorf("got %v, %+v, %s, shard %q", got, merged.Counts, merged.Verdict, merged.Shard)
	}
}

// Half a run must not pass for a whole one.
func TestMergeMissesShards(t *testing.T) {
	merged, err := Merge([]string{"A", "C"}, shard("1/4", "A"), shard("3/4", "C"))
	if err != nil {
		t.Fatal(err)
	}
	if merged.Verdict != Incomplete || !strings.Contains(merged.Reason, "2/4, 4/4") {
		t.Errorf("got %s, %q", merged.Verdict, merged.Reason)
	}
}

func TestMergeRefusesWhatIsNoRun(t *testing.T) {
	edition, target := shard("2/2", "B"), shard("2/2", "B")
	edition.Edition, target.Target.Digest = "2023a", "sha256:0"
	for _, tt := range []struct {
		name, want string
		shards     []*Report
	}{
		{"none", "no reports", nil},
		{"two editions", "edition", []*Report{shard("1/2", "A"), edition}},
		{"two targets", "digest of the target", []*Report{shard("1/2", "A"), target}},
		{"a case twice", "case A is in two", []*Report{shard("1/2", "A"), shard("2/2", "A", "B")}},
		{"shards of two divisions", "shard \"1/2\" and shard \"2/3\"", []*Report{shard("1/2", "A"), shard("2/3", "B")}},
		{"a shard and a whole", "shard \"1/2\" and shard \"\"", []*Report{shard("1/2", "A"), shard("", "B")}},
	} {
		if _, err := Merge([]string{"A", "B"}, tt.shards...); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}
