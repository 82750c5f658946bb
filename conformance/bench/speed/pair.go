package main

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/xferspec/xferspec/conformance/bench"
	"github.com/xferspec/xferspec/harness/target"
)

// pair sends the largest file, first with the client in this process and then
// with a whole run of its program, and encrypts the same bytes in between.
func pair(ctx context.Context, l *lab) error {
	path, err := l.file("largest.bin", largest)
	if err != nil {
		return err
	}
	plain, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	s, err := l.reference(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	sender, err := l.sender(ctx, s.Addr(), path)
	if err != nil {
		return err
	}
	cbc, err := cbcOf(plain)
	if err != nil {
		return err
	}
	var transfer, encryption, program, again stopwatch
	if err := bench.Alternate(l.rounds, transfer.time(func() error { return sender.send(ctx) }), encryption.time(cbc)); err != nil {
		return err
	}
	run := func() error { return l.runProgram(ctx, sender.dir, &program) }
	if err := bench.Alternate(l.rounds, run, again.time(cbc)); err != nil {
		return err
	}
	l.line("client (in this process) and server", fmt.Sprintf("%.0f MB/s", transfer.rate(largest)), "")
	l.line("client program and server", fmt.Sprintf("%.0f MB/s", program.rate(largest)), "")
	l.line("AES-256-CBC of the standard library", fmt.Sprintf("%.0f MB/s", encryption.rate(largest)), "")
	if err := l.ratio("time of the transfer / time of AES-CBC", transfer, encryption, "at most 1.3"); err != nil {
		return err
	}
	return l.ratio("time of the client program / time of AES-CBC", program, again, "")
}

// cbcOf returns what encrypts a file in one call, padded to whole blocks.
func cbcOf(plain []byte) (func() error, error) {
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		return nil, err
	}
	padded := slices.Concat(plain, make([]byte, aes.BlockSize-len(plain)%aes.BlockSize))
	out := make([]byte, len(padded))
	return func() error {
		cipher.NewCBCEncrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(out, padded) //nolint:gosec // the protocol has this IV
		return nil
	}, nil
}

// runProgram runs the client's program in a folder and adds how long it ran.
func (l *lab) runProgram(ctx context.Context, dir string, w *stopwatch) error {
	run, err := target.RunClient(ctx, target.ClientConfig{Dir: dir, Command: []string{filepath.Join(l.bin, "xfer-client"), "--quiet"}}, nil)
	if err != nil {
		return err
	}
	*w = append(*w, run.Duration.Seconds())
	if run.ExitCode != 0 {
		err = fmt.Errorf("the client ends with exit status %d: %s", run.ExitCode, run.Output)
	}
	_ = run.Close()
	return err
}
