package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

func decodeCommand() *cobra.Command {
	var d decoder
	cmd := &cobra.Command{
		Use:   "decode {FILE | -}",
		Short: "Show the messages in a recording, a capture or raw bytes, field by field",
		Long: `Show the messages in a file field by field, with offsets and what is wrong.

FILE is a conversation that xferspec recorded (.xftrace), a capture by
Wireshark, tshark or tcpdump (pcapng, pcap), or the bytes of one direction, raw
or (--hex) as hexadecimal text. Of a capture, the connections to a default port
of an edition are shown, or all if there is none; --port chooses others.

- is standard input: bytes and packets are shown while they come.

--pcapng and --xftrace write what was read into a file instead of showing it.
The keys in a recording are left out then, unless --secrets says otherwise.`,
		Example: `  xferspec decode first.xftrace
  xferspec decode --pcapng first.pcapng first.xftrace
  xferspec decode --key priv.key captured.pcapng
  tshark -i lo -w - -q | xferspec decode --port 1256 -
  echo 03 41 06 00 00 00 00 | xferspec decode --hex --from server -`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d.in, d.out, d.path = cmd.InOrStdin(), cmd.OutOrStdout(), args[0]
			d.editionSet, d.portSet = cmd.Flags().Changed("edition"), cmd.Flags().Changed("port")
			if err := d.check(); err != nil {
				return err
			}
			err := d.runUntil(cmd.Context())
			if err != nil && !errors.As(err, new(*os.PathError)) {
				return fmt.Errorf("decode %s: %w", args[0], err)
			}
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&d.editionName, "edition", spec.DefaultEdition, "edition of the protocol; a recorded conversation names its own")
	flags.StringVar(&d.from, "from", "client", "who sent raw bytes: client or server")
	flags.BoolVar(&d.hex, "hex", false, "the input is hexadecimal text")
	flags.BoolVar(&d.full, "full", false, "show every byte of long fields")
	flags.Uint16Var(&d.port, "port", 0, "of a capture, the connections to this port of a server; 0: all")
	flags.StringVar(&d.keyFile, "key", "", "priv.key of the client, to show what was encrypted")
	flags.StringVar(&d.pcapng, "pcapng", "", "write a capture for Wireshark to this file")
	flags.StringVar(&d.xftrace, "xftrace", "", "write a recording to this file, or NAME-1 and so on for several connections")
	flags.BoolVar(&d.secrets, "secrets", false, "write the keys too, if they are known")
	return cmd
}

// decoder is one call of the command.
type decoder struct {
	in   io.Reader // standard input
	out  io.Writer
	path string // or "-"

	editionName, from   string
	hex, full           bool
	port                uint16
	keyFile             string
	pcapng, xftrace     string
	secrets             bool
	editionSet, portSet bool // by the user

	edition   *spec.Edition
	direction trace.Direction
	key       trace.Key
}

// check reads what the flags name.
func (d *decoder) check() (err error) {
	if d.edition, err = spec.LookupEdition(d.editionName); err != nil {
		return err
	}
	switch d.from {
	case "client":
		d.direction = trace.ToServer
	case "server":
		d.direction = trace.ToClient
	default:
		return fmt.Errorf("--from %q is neither client nor server", d.from)
	}
	if d.secrets && d.pcapng == "" && d.xftrace == "" {
		return errors.New("--secrets is about what --pcapng and --xftrace write; name a file by one of them")
	}
	if d.keyFile != "" {
		d.key, err = readPrivateKey(d.keyFile)
	}
	return err
}

// lastBytes is how long an interrupt waits for what a program that feeds decode,
// and was interrupted too, still has to say.
const lastBytes = 500 * time.Millisecond

// runUntil is run, which an interrupt ends although a read cannot be interrupted.
func (d *decoder) runUntil(ctx context.Context) error {
	done := make(chan error, 1)
	go func() { done <- d.run() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return err
	case <-time.After(lastBytes):
		return nil
	}
}

func (d *decoder) run() error {
	in, err := d.open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	live := d.path == "-" && d.pcapng == "" && d.xftrace == "" && d.key == nil
	switch {
	case live && in.kind == inputCapture:
		return d.follow(in)
	case in.kind == inputBytes && d.pcapng == "" && d.xftrace == "":
		return trace.AnnotateLive(d.out, d.edition, d.direction, in, d.clock(), d.options())
	}
	transcripts, err := d.read(in)
	if len(transcripts) == 0 {
		return err
	}
	return errors.Join(d.give(transcripts), err)
}

// give shows conversations, or writes them into the files that are named.
func (d *decoder) give(transcripts []*trace.Transcript) error {
	if d.key != nil {
		for _, t := range transcripts {
			t.Secrets = &trace.Secrets{PrivateKey: d.key}
		}
	}
	if d.pcapng != "" || d.xftrace != "" {
		return d.convert(transcripts)
	}
	return exit(report.ExitFault, trace.AnnotateAll(d.out, d.editionOf, transcripts, d.options()))
}

func (d *decoder) options() trace.AnnotateOptions { return trace.AnnotateOptions{Full: d.full} }

// clock tells when bytes came; those of a file came at no time.
func (d *decoder) clock() func() time.Duration {
	if d.path != "-" {
		return func() time.Duration { return 0 }
	}
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// editionOf returns the edition that the user chose, or the transcript's own.
func (d *decoder) editionOf(t *trace.Transcript) *spec.Edition {
	if own, err := spec.LookupEdition(t.Edition); err == nil && !d.editionSet {
		return own
	}
	return d.edition
}
