package bench

import (
	"fmt"
	"slices"
)

// Ratio is how one thing compares to another that was measured beside it, in
// pairs: the median of the pairs' ratios, and the smallest and the largest of them.
type Ratio struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Pairs  int     `json:"pairs"`
}

// NewRatio divides each a by the b of the same pair. Pairs in which either is not
// above 0 are left out; ok is false if none is left.
func NewRatio(a, b []float64) (r Ratio, ok bool) {
	var all []float64
	for i := range min(len(a), len(b)) {
		if a[i] > 0 && b[i] > 0 {
			all = append(all, a[i]/b[i])
		}
	}
	if len(all) == 0 {
		return Ratio{}, false
	}
	return Ratio{Median: Median(all), Min: slices.Min(all), Max: slices.Max(all), Pairs: len(all)}, true
}

// String returns "1.23 (1.20–1.31)".
func (r Ratio) String() string { return fmt.Sprintf("%.2f (%.2f–%.2f)", r.Median, r.Min, r.Max) }

// Median returns the middle value, of an even number of values the mean of the two
// in the middle, of none 0.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// Alternate calls a and b in turn, A B B A A B …, so that what changes with time
// falls on both alike, until each was called n times. It stops at the first error.
func Alternate(n int, a, b func() error) error {
	for i := range n {
		first, second := a, b
		if i%2 == 1 {
			first, second = b, a
		}
		if err := first(); err != nil {
			return err
		}
		if err := second(); err != nil {
			return err
		}
	}
	return nil
}
