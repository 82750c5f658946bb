// Command speed puts the reference beside other things that move or check as many
// bytes, in the same run and in turn with them, and prints ratios. It is what
// ci/speed runs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "speed: %v\n", err)
		os.Exit(1)
	}
}

// part is a comparison.
type part struct {
	name, about string
	run         func(context.Context, *lab) error
}

var parts = []part{
	{"pair", "64 MiB from the reference client to the reference server, beside AES-CBC of the same bytes", pair},
	{"sftp", "64 MiB by the reference client's program, beside sftp put (OpenSSH, aes256-gcm), all files in memory", sftp},
	{"python", "the reference server beside the one in Python, fed by the same client", python},
	{"crowd", "256 clients with files of 1 MB, beside one client with the same files", crowd},
	{"small", "5,000 files of 1 kB from 16 clients on the disk, beside the rate at which it makes writes durable", small},
	{"checksum", "the checksum of 1 GB, beside the program cksum", checksum},
}

func run(ctx context.Context, args []string) (err error) {
	if len(args) == 2 && args[0] == "cksum" { // the partner of the program of that name
		return printChecksum(args[1])
	}
	l := &lab{out: os.Stdout}
	flags := flag.NewFlagSet("speed", flag.ContinueOnError)
	flags.StringVar(&l.bin, "bin", "", "`FOLDER` with xfer-server and xfer-client")
	flags.StringVar(&l.python, "python-server", "", "`FOLDER` with the server in Python")
	flags.StringVar(&l.disk, "disk", "", "`FOLDER` on the disk whose durable writes count (default: that for temporary files)")
	flags.IntVar(&l.rounds, "rounds", 7, "how often each is measured")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen, err := choose(flags.Args())
	if err != nil {
		return err
	}
	if err := l.open(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	for _, p := range chosen {
		fmt.Fprintf(l.out, "\n%s: %s\n", p.name, p.about)
		err := p.run(ctx, l)
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

// choose returns the parts of these names, or all.
func choose(names []string) ([]part, error) {
	if len(names) == 0 {
		return parts, nil
	}
	var chosen []part
	for _, name := range names {
		i := slices.IndexFunc(parts, func(p part) bool { return p.name == name })
		if i < 0 {
			var all []string
			for _, p := range parts {
				all = append(all, p.name)
			}
			return nil, fmt.Errorf("there is no part %q: choose of %s", name, strings.Join(all, ", "))
		}
		chosen = append(chosen, parts[i])
	}
	return chosen, nil
}
