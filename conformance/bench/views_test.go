package bench

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xferspec/xferspec/conformance/report"
)

// hostile is what a target may be called.
const hostile = "./<script>alert(1)</script>\x1b[2J"

// sample is a result with all that one can have.
func sample(role string, targets int) *Result {
	r := &Result{
		Schema: Schema, Suite: report.Suite{Version: "test"}, Edition: "2024a", Role: role, Started: time.Unix(1_800_000_000, 0),
		Machine: Machine{"linux", "amd64", 2},
	}
	cpu, peak := 80.0, int64(40<<20)
	for i := range targets {
		r.Targets = append(r.Targets, report.Target{Kind: "command", Command: []string{hostile}})
		r.Greetings = append(r.Greetings, []Latency{{"register", 3, 1, 2, 3, 4}})
		_ = i
	}
	for i, load := range []Load{{Clients: 1, Size: 1000}, {Clients: 1, Size: 64_000_000}, {Clients: 4, Size: 1000}, {Clients: 16, Size: 1000}} {
		load.Returning = role == "client"
		o := Outcome{Load: load}
		for t := range targets {
			o.Samples = append(o.Samples, Sample{
				Target: t, WallMs: 100, Files: i + t + 1, Bytes: load.Size * int64(i+t+1), CPUMs: &cpu, Peak: &peak, OwnCPUMs: 150,
				Latencies: []Latency{{"file", 1, 1, 1, 1.5, 2}, {"run", 1, 1, 1, 1.5, 2}, {"transfer", 1, 1, 1, 1.5, 2}},
			})
		}
		if targets > 1 {
			o.compare("file")
		}
		r.Loads = append(r.Loads, o)
	}
	r.Loads[1].Samples[0].Failures = []Count{{"1028 file: nothing in time", 2, hostile}}
	return r
}

var views = []struct {
	role    string
	targets int
	charts  int
}{{"server", 1, 6}, {"server", 2, 6}, {"client", 1, 3}, {"client", 2, 3}}

func TestText(t *testing.T) {
	for _, v := range views {
		r := sample(v.role, v.targets)
		var b bytes.Buffer
		if err := r.WriteText(&b); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		if strings.Contains(text, "\x1b") {
			t.Error("an escape sequence reaches the terminal")
		}
		wanted := []string{v.role + " ./<script>", "failed 2× under 1 client, 64 MB", "busy to the last"}
		if v.role == "client" {
			wanted = wanted[:1]
		}
		if v.targets > 1 {
			wanted = append(wanted, "A: ", "B: ", "A / B", "0.50 (0.50–0.50)")
		}
		for _, want := range wanted {
			if !strings.Contains(text, want) {
				t.Errorf("%s, %d targets: no %q in\n%s", v.role, v.targets, want, text)
			}
		}
	}
}

// The page needs nothing else, and what a target says stays text.
func TestHTML(t *testing.T) {
	for _, v := range views {
		r := sample(v.role, v.targets)
		var b bytes.Buffer
		if err := r.WriteHTML(&b); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		for _, bad := range []string{"<script>alert", "\x1b", "http:", "https:", "NaN", "Inf", "ZgotmplZ", "%!"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s, %d targets: %q is in the page", v.role, v.targets, bad)
			}
		}
		if regexp.MustCompile(`\ssrc=|\sstyle=`).MatchString(text) {
			t.Error("the page has what its policy forbids")
		}
		if got := strings.Count(text, "<h2>"); strings.Count(text, "<polyline") < v.charts*v.targets || got < v.charts {
			t.Errorf("%s, %d targets: %d lines, %d headings", v.role, v.targets, strings.Count(text, "<polyline"), got)
		}
	}
}

// A chart spans whole powers of ten, and leaves out what there is not.
func TestChart(t *testing.T) {
	c, ok := newChart("Throughput", "MB/s", []string{"1", "2", "3"}, []series{{"a", map[int]float64{0: 20, 2: 200}}, {"b", nil}})
	if !ok || len(c.Scale) != 3 || c.Scale[0].Text != "10" || c.Scale[2].Text != "1000" || len(c.Lines[0].Dots) != 2 || len(c.Lines[1].Dots) != 0 {
		t.Errorf("%+v, %v", c, ok)
	}
	if high, low := c.Lines[0].Dots[1], c.Lines[0].Dots[0]; high.Y >= low.Y || high.X <= low.X {
		t.Errorf("20 is at %v, 200 at %v", low, high)
	}
	if _, ok := newChart("Throughput", "MB/s", []string{"1"}, []series{{"a", map[int]float64{0: 1}}}); ok {
		t.Error("a chart of one place")
	}
	if _, ok := newChart("Throughput", "MB/s", []string{"1", "2"}, []series{{"a", nil}}); ok {
		t.Error("a chart of nothing")
	}
}
