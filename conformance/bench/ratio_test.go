package bench

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRatio(t *testing.T) {
	tests := []struct {
		name string
		a, b []float64
		want Ratio
		ok   bool
	}{
		{"an odd number of pairs", []float64{2, 9, 4}, []float64{1, 3, 1}, Ratio{3, 2, 4, 3}, true},
		{"an even number", []float64{1, 2, 3, 4}, []float64{1, 1, 1, 1}, Ratio{2.5, 1, 4, 4}, true},
		{"pairs with nothing in them", []float64{0, 6, 5}, []float64{1, 2, 0}, Ratio{3, 3, 3, 1}, true},
		{"one without a partner", []float64{1, 2}, []float64{2}, Ratio{0.5, 0.5, 0.5, 1}, true},
		{"nothing", []float64{0}, []float64{0}, Ratio{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := NewRatio(tt.a, tt.b)
			if got != tt.want || ok != tt.ok {
				t.Errorf("%+v, %v, want %+v, %v", got, ok, tt.want, tt.ok)
			}
		})
	}
	if got := Median(nil); got != 0 {
		t.Errorf("the median of nothing is %v", got)
	}
}

// What drifts with time falls on both alike.
func TestAlternate(t *testing.T) {
	var order strings.Builder
	call := func(name string, err error) func() error {
		return func() error { order.WriteString(name); return err }
	}
	if err := Alternate(4, call("A", nil), call("B", nil)); err != nil || order.String() != "ABBAABBA" {
		t.Errorf("%s, %v", order.String(), err)
	}
	order.Reset()
	wrong := errors.New("wrong")
	if err := Alternate(4, call("A", nil), call("B", wrong)); !errors.Is(err, wrong) || order.String() != "AB" {
		t.Errorf("%s, %v", order.String(), err)
	}
}

func TestPercentiles(t *testing.T) {
	var all []time.Duration
	for i := 1000; i > 0; i-- {
		all = append(all, time.Duration(i)*time.Millisecond)
	}
	if got, want := newLatency("x", all), (Latency{"x", 1000, 500, 900, 990, 1000}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got, want := newLatency("x", []time.Duration{3 * time.Millisecond}), (Latency{"x", 1, 3, 3, 3, 3}); got != want {
		t.Errorf("of one: %+v, want %+v", got, want)
	}
	if got := newLatency("x", []time.Duration{time.Millisecond, 2 * time.Millisecond}); got.P50 != 1 || got.P90 != 2 {
		t.Errorf("of two: %+v", got)
	}
}

// The sample that stands for a load is the one whose throughput is the median.
func TestMedianSample(t *testing.T) {
	o := Outcome{Samples: []Sample{
		{WallMs: 1000, Bytes: 10}, {Target: 1, WallMs: 1, Bytes: 1}, {WallMs: 1000, Bytes: 500}, {WallMs: 1000, Bytes: 20},
	}}
	if s, ok := o.of(0); !ok || s.Bytes != 20 {
		t.Errorf("%+v, %v", s, ok)
	}
	if _, ok := o.of(2); ok {
		t.Error("a sample of a target that there is not")
	}
}

func TestCompare(t *testing.T) {
	fast, slow, peak := 10.0, 40.0, int64(8)
	o := Outcome{Samples: []Sample{
		{Target: 0, WallMs: 10, Bytes: 100, CPUMs: &fast, Peak: &peak, Latencies: []Latency{{What: "file", P50: 3}}},
		{Target: 1, WallMs: 20, Bytes: 100, CPUMs: &slow, Latencies: []Latency{{What: "file", P50: 6}}},
	}}
	o.compare("file")
	for what, want := range map[float64]float64{o.Ratios.Throughput.Median: 2, o.Ratios.Latency.Median: 0.5, o.Ratios.CPU.Median: 0.25} {
		if math.Abs(what-want) > 1e-9 {
			t.Errorf("%+v", o.Ratios)
		}
	}
	if o.Ratios.Peak != nil {
		t.Error("memory is compared, though that of one was not seen")
	}
}

func TestTally(t *testing.T) {
	var failed tally
	for _, err := range []error{
		&RequestError{"rare", "a"}, &RequestError{"frequent", "b"}, errors.New("of no kind"), &RequestError{"frequent", "c"},
	} {
		failed.add(err)
	}
	want := []Count{{"frequent", 2, "b"}, {"rare", 1, "a"}, {What: "of no kind", Count: 1}}
	if got := failed.counts(); !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
