package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/xferspec/xferspec/conformance/bench"
	"github.com/xferspec/xferspec/spec/cksum"
)

const checksumSize = 1_000_000_000 // bytes

// checksum runs the program cksum, and this one as if it were that, on one file.
func checksum(ctx context.Context, l *lab) error {
	path, err := l.file("gigabyte.bin", checksumSize)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(path) }()
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var ours, theirs stopwatch
	var sums [2][]byte
	program := func(sum *[]byte, words ...string) func() error {
		return func() (err error) {
			*sum, err = exec.CommandContext(ctx, words[0], words[1:]...).Output()
			return err
		}
	}
	err = bench.Alternate(l.rounds, ours.time(program(&sums[0], self, "cksum", path)), theirs.time(program(&sums[1], "cksum", path)))
	if err != nil {
		return err
	}
	if !bytes.Equal(sums[0], sums[1]) {
		return fmt.Errorf("we say %q, cksum says %q", sums[0], sums[1])
	}
	l.line("spec/cksum", fmt.Sprintf("%.0f MB/s", ours.rate(checksumSize)), "")
	l.line("coreutils cksum", fmt.Sprintf("%.0f MB/s", theirs.rate(checksumSize)), "")
	return l.ratio("throughput of spec/cksum / of coreutils", theirs, ours, "at least 0.5")
}

// printChecksum prints what the program cksum prints.
func printChecksum(path string) error {
	f, err := os.Open(path) //nolint:gosec // the file that this was started for
	if err != nil {
		return err
	}
	defer f.Close()
	digest := cksum.New()
	n, err := io.CopyBuffer(digest, struct{ io.Reader }{f}, make([]byte, 128<<10))
	if err != nil {
		return err
	}
	fmt.Printf("%d %d %s\n", digest.Sum32(), n, path)
	return nil
}
