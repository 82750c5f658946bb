package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// byteSize is a flag's value in bytes, written with a unit.
type byteSize int64

var byteUnits = []struct {
	name string
	size int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}}

// Set reads a size such as 512MiB or 2 GiB.
func (s *byteSize) Set(text string) error {
	for _, unit := range byteUnits {
		number, ok := strings.CutSuffix(text, unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		if err != nil || n < 1 || n > 1<<20 {
			break
		}
		*s = byteSize(n * unit.size)
		return nil
	}
	return fmt.Errorf("it must be a size such as 512MiB or 2GiB")
}

// String returns the size in the largest unit that divides it.
func (s *byteSize) String() string {
	for _, unit := range byteUnits {
		if n := int64(*s); n > 0 && n%unit.size == 0 {
			return fmt.Sprint(n/unit.size, unit.name)
		}
	}
	return fmt.Sprint(int64(*s), " bytes")
}

// Type names the value in a usage text.
func (s *byteSize) Type() string { return "SIZE" }

// gradeShard is a shard whose number may come from an engine.
type gradeShard struct{ shard }

// jobIndex is where Kubernetes tells the pods of an Indexed Job which one they
// are, from 0.
const jobIndex = "JOB_COMPLETION_INDEX"

// Set reads "I/N", or "job/N".
func (s *gradeShard) Set(text string) error {
	if n, ok := strings.CutPrefix(text, "job/"); ok {
		i, err := strconv.Atoi(os.Getenv(jobIndex))
		if err != nil || i < 0 {
			return fmt.Errorf("%s is %q, but it has to be the number of this job, from 0", jobIndex, os.Getenv(jobIndex))
		}
		text = fmt.Sprintf("%d/%s", i+1, n)
	}
	return s.shard.Set(text)
}
