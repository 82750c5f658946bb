package interop

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b) // never fails
	return b
}

// The reference pair comes to the same end as if nothing had happened on the
// way, or to the end that the text demands.
func TestReferencesThroughFaults(t *testing.T) {
	for _, ed := range spec.Editions() {
		const file, bad, ok = "file", "crc-bad", "crc-ok"
		for _, tt := range []struct {
			name, plan string
			want       []string // types of the requests about the file, packets as one
		}{
			{"nothing", "", []string{file, ok}},
			{"damage", DamagedTransfers(ed, 1), []string{file, bad, file, ok}},
			{"damage twice", DamagedTransfers(ed, 2), []string{file, bad, file, bad, file, ok}},
			{"wrong checksum", WrongCksum, []string{file, bad, file, ok}},
			{"single bytes", SingleBytes, []string{file, ok}},
		} {
			t.Run(ed.Name+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				visit, server := meet(t, ed, tt.plan)
				if visit.Err != nil {
					t.Fatal(visit)
				}
				if !server.Holds(random(3000)) {
					t.Error("the file has not arrived")
				}
				var got []string
				for _, q := range visit.Seen.Requests {
					if name := q.Type().String(); q.Answer != "" && q.Type() != spec.TypeRegister && q.Type() != spec.TypePublicKey {
						got = append(got, name)
					}
				}
				if strings.Join(got, " ") != strings.Join(tt.want, " ") {
					t.Errorf("%v, want %v\n%v", got, tt.want, visit)
				}
				if !visit.Story.Thanked() || visit.Story.Changed() != (tt.plan != "") {
					t.Errorf("thanked %t, changed %t", visit.Story.Thanked(), visit.Story.Changed())
				}
			})
		}
	}
}

func meet(t *testing.T, ed *spec.Edition, plan string) (*Visit, *ReferenceServer) {
	t.Helper()
	server, err := StartServer(t.Context(), ed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	v, err := NewVisitor(ed, "Ada")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	visit, err := v.Send(t.Context(), server.Addr(), plan, "a.bin", random(3000), 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	return visit, server
}

func TestStory(t *testing.T) {
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	visit, _ := meet(t, ed, DamagedTransfers(ed, 1))
	const want = `1025 register
  -> 1600 registered
1026 public-key
  -> 1602 key-accepted
1028 file, packets 1 to 3 of 3 (changed on the way: content at offset 290)
  -> 1603 file-received
1030 crc-bad
1028 file, packets 1 to 3 of 3
  -> 1603 file-received
1029 crc-ok
  -> 1604 thanks`
	if got := visit.Story.String(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// A server or a client that does nothing has failed: only what the machine
// lacks leaves a cell not run.
func TestCellsThatDoNothing(t *testing.T) {
	run := func(words ...string) config.Target { return config.Target{Run: words} }
	sleeper, nobody := run("sleep", "60"), run("true")
	for _, tt := range []struct {
		name           string
		server, client config.Target
		edition, plan  string
		want           report.Status
		says           string
	}{
		{"server that answers nothing", sleeper, nobody, "2024a", "", report.Failed, "longer than"},
		{"server that ends", nobody, nobody, "2024a", "", report.Failed, "exit status 0"},
		{"server that is not there", run("not-there"), nobody, "2024a", "", report.NotRun, "not-there"},
		{"edition that is not there", sleeper, nobody, "1999a", "", report.NotRun, "1999a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := Cell{
				Edition: tt.edition, Plan: tt.plan, Limit: time.Second,
				Server: config.Implementation{Name: "s", Target: tt.server},
				Client: config.Implementation{Name: "c", Target: tt.client},
			}
			got := c.Run(t.Context())
			if got.Status != tt.want || !strings.Contains(got.Reason, tt.says) {
				t.Errorf("%s: %s; want %s, and %q", got.Status, got.Reason, tt.want, tt.says)
			}
		})
	}
}

func TestCells(t *testing.T) {
	m := &config.Matrix{
		Editions: []string{"2023a", "2024a"},
		Servers:  []config.Implementation{{Name: "a"}, {Name: "b"}},
		Clients:  []config.Implementation{{Name: "c"}},
		Files:    []config.Size{0, 5, 9},
		Plans:    []config.Plan{{Name: "none"}, {Name: "odd", Text: "faults: []"}},
	}
	cells := Cells(m, "captured")
	if len(cells) != 2*2*1*3*2 {
		t.Fatalf("%d cells", len(cells))
	}
	seen := map[string]bool{}
	for _, c := range cells {
		seen[c.Capture] = true
	}
	last := cells[len(cells)-1]
	if len(seen) != len(cells) || last.Edition != "2024a" || last.Plan != "faults: []" || last.Server.Name != "b" || last.Size != 9 {
		t.Errorf("%d captures, the last cell is %+v", len(seen), last)
	}
}
