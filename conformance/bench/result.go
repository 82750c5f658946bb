package bench

import (
	"time"

	"github.com/xferspec/xferspec/conformance/report"
)

// Schema names the JSON form; fields are added to it, never changed.
const Schema = "xferspec-bench/1"

// Result is what was measured.
type Result struct {
	Schema     string          `json:"schema"`
	Suite      report.Suite    `json:"suite"`
	Edition    string          `json:"edition"`
	Role       string          `json:"role"`
	Started    time.Time       `json:"started"`
	DurationMs int64           `json:"durationMs"`
	Machine    Machine         `json:"machine"`
	Targets    []report.Target `json:"targets"` // one, or two that are compared

	// Greetings are the answers that come before files: of all loads, for each target.
	Greetings [][]Latency `json:"greetings,omitempty"`
	Loads     []Outcome   `json:"loads"`
	Reason    string      `json:"reason,omitempty"` // why not all loads were measured
}

// Machine is where it was measured, target and generator alike.
type Machine struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPUs int    `json:"cpus"`
}

// Load is what a target is put under.
type Load struct {
	Clients   int   `json:"clients"`             // at a time
	Size      int64 `json:"size"`                // of each file in bytes
	Returning bool  `json:"returning,omitempty"` // of a client: whether the server knows it already
}

// Outcome is what came of a load.
type Outcome struct {
	Load
	Samples []Sample `json:"samples"`          // in the order in which they were measured
	Ratios  *Ratios  `json:"ratios,omitempty"` // of the first target to the second
}

// Sample is one measurement. What cannot be seen of a target is left out.
type Sample struct {
	Target    int       `json:"target"` // index into Targets
	WallMs    float64   `json:"wallMs"` // from the first byte of the first file to the last thanks; of clients the sum of their runs
	Files     int       `json:"files"`  // that arrived, with the right checksum
	Bytes     int64     `json:"bytes"`  // of these files
	Latencies []Latency `json:"latencies"`
	CPUMs     *float64  `json:"cpuMs,omitempty"`     // processor time of the target
	Peak      *int64    `json:"peakBytes,omitempty"` // most memory of the target, since the load began
	OwnCPUMs  float64   `json:"ownCpuMs"`            // processor time of the generator
	Failures  []Count   `json:"failures,omitempty"`  // by what went wrong
}

// Count is how often something went wrong.
type Count struct {
	What    string `json:"what"`
	Count   int    `json:"count"`
	Example string `json:"example,omitempty"` // the first of them
}

// Ratios compare two targets under the same load; of each the pairs' median and range.
// Above 1 the first target has the greater figure.
type Ratios struct {
	Throughput *Ratio `json:"throughput,omitempty"`
	Latency    *Ratio `json:"latency,omitempty"` // median time to the answer to a file; of clients, the time of a run
	CPU        *Ratio `json:"cpu,omitempty"`     // per byte
	Peak       *Ratio `json:"peak,omitempty"`
}

// Throughput returns the bytes of files per second.
func (s Sample) Throughput() float64 { return perSecond(float64(s.Bytes), s.WallMs) }

// FilesPerSecond returns how many files arrived in a second.
func (s Sample) FilesPerSecond() float64 { return perSecond(float64(s.Files), s.WallMs) }

func perSecond(n, ms float64) float64 {
	if ms <= 0 {
		return 0
	}
	return n / ms * 1000
}

// Latency returns how long something took, and whether it happened at all.
func (s Sample) Latency(what string) (Latency, bool) {
	for _, l := range s.Latencies {
		if l.What == what {
			return l, true
		}
	}
	return Latency{}, false
}

// Failed returns how many requests went wrong.
func (s Sample) Failed() (n int) {
	for _, f := range s.Failures {
		n += f.Count
	}
	return n
}

// Failed returns how many requests went wrong under all loads.
func (r *Result) Failed() (n int) {
	for _, load := range r.Loads {
		for _, s := range load.Samples {
			n += s.Failed()
		}
	}
	return n
}

// Files returns how many files arrived under all loads.
func (r *Result) Files() (n int) {
	for _, load := range r.Loads {
		for _, s := range load.Samples {
			n += s.Files
		}
	}
	return n
}

// compare fills in the ratios of a load that two targets were put under; latency
// names the time that is compared.
func (o *Outcome) compare(latency string) {
	figures := func(of func(Sample) float64) *Ratio {
		var values [2][]float64
		for _, s := range o.Samples {
			values[s.Target] = append(values[s.Target], of(s))
		}
		if r, ok := NewRatio(values[0], values[1]); ok {
			return &r
		}
		return nil
	}
	o.Ratios = &Ratios{
		Throughput: figures(Sample.Throughput),
		Latency: figures(func(s Sample) float64 {
			l, _ := s.Latency(latency)
			return l.P50
		}),
		CPU: figures(func(s Sample) float64 {
			if s.CPUMs == nil || s.Bytes == 0 {
				return 0
			}
			return *s.CPUMs / float64(s.Bytes)
		}),
		Peak: figures(func(s Sample) float64 {
			if s.Peak == nil {
				return 0
			}
			return float64(*s.Peak)
		}),
	}
}
