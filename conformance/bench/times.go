package bench

import (
	"slices"
	"time"

	"github.com/xferspec/xferspec/spec"
)

// times are how long answers took, by request.
type times map[spec.MessageType][]time.Duration

func (t times) add(request spec.MessageType, d time.Duration) { t[request] = append(t[request], d) }

// merge adds those of others.
func (t times) merge(others times) {
	for request, all := range others {
		t[request] = append(t[request], all...)
	}
}

// latencies returns the percentiles of those requests that there were, in the
// order of a conversation.
func (t times) latencies() []Latency {
	all := []Latency{}
	for _, request := range spec.RequestTypes() {
		if len(t[request]) > 0 {
			all = append(all, newLatency(request.String(), t[request]))
		}
	}
	return all
}

// Latency says how long something took that happened several times, in milliseconds.
type Latency struct {
	What  string  `json:"what"` // a request, whose answer took that long; of a client "run" or "transfer"
	Count int     `json:"count"`
	P50   float64 `json:"p50Ms"`
	P90   float64 `json:"p90Ms"`
	P99   float64 `json:"p99Ms"`
	Max   float64 `json:"maxMs"`
}

func newLatency(what string, all []time.Duration) Latency {
	slices.Sort(all)
	at := func(percent int) float64 { return milliseconds(percentile(all, percent)) }
	return Latency{What: what, Count: len(all), P50: at(50), P90: at(90), P99: at(99), Max: at(100)}
}

// percentile returns the smallest of the sorted values that so many percent of them
// do not exceed.
func percentile(sorted []time.Duration, percent int) time.Duration {
	rank := (len(sorted)*percent + 99) / 100
	return sorted[max(rank, 1)-1]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
