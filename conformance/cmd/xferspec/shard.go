package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/xferspec/xferspec/conformance"
)

// shard is a part of a plan: every nth case, from the ith on, counted from 1.
// The zero shard is the whole plan. It is a flag's value.
type shard struct{ i, n int }

// String returns "I/N", or "" for the whole.
func (s *shard) String() string {
	if s.n == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.i, s.n)
}

// Set reads "I/N".
func (s *shard) Set(text string) error {
	i, n, ok := strings.Cut(text, "/")
	var errI, errN error
	s.i, errI = strconv.Atoi(i)
	s.n, errN = strconv.Atoi(n)
	if !ok || errI != nil || errN != nil || s.i < 1 || s.i > s.n {
		return fmt.Errorf("it must be I/N with 1 ≤ I ≤ N, such as 2/4")
	}
	return nil
}

// Type names the value in a usage text.
func (s *shard) Type() string { return "I/N" }

func (s *shard) of(plan []conformance.Planned) []conformance.Planned {
	if s.n == 0 {
		return plan
	}
	var part []conformance.Planned
	for k, p := range plan {
		if k%s.n == s.i-1 {
			part = append(part, p)
		}
	}
	return part
}
