package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/replay"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

// replayFlags are what the command line says.
type replayFlags struct {
	decoder
	paths          []string
	addr, record   string
	timeout        time.Duration
	connection     int
	pace, verbatim bool
	quiet          bool
}

func replayCommand() *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "replay TRACE… --addr HOST:PORT",
		Short: "Repeat a recorded conversation against a server, and show the first difference",
		Long: `Repeat a recorded conversation against a server, and show where its answers
first differ from the recorded ones. No case and no clause is involved.

TRACE is a conversation that xferspec recorded (.xftrace), or a capture by
Wireshark, tshark or tcpdump. Several are the connections of one conversation,
and everything happens in the order in which it was recorded.

Ids, keys and names that are taken are adapted, and what the conversation takes
for granted, such as a client that is known, is brought about first. With the
keys of the recording the same file is sent; else random bytes of its size, and
checksums are not compared. Bytes that are no message go as they are.

Exit status: 0 the same, 1 different, 2 wrong usage or not readable, 3 the server
is unreachable, or nothing was compared.`,
		Example: `  xferspec replay first.xftrace --addr 127.0.0.1:1256
  xferspec replay captured.pcapng --key priv.key --addr 127.0.0.1:1256 --pace
  xferspec replay fuzz-1.xftrace fuzz-2.xftrace --addr 127.0.0.1:1256`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.in, f.out, f.paths = cmd.InOrStdin(), cmd.OutOrStdout(), args
			f.from = "client"
			f.editionSet, f.portSet = cmd.Flags().Changed("edition"), cmd.Flags().Changed("port")
			return f.run(cmd)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.addr, "addr", "", "address of the server, HOST:PORT")
	flags.StringVar(&f.editionName, "edition", spec.DefaultEdition, "edition of the protocol (default: that of the recording)")
	flags.DurationVar(&f.timeout, "timeout", 10*time.Second, "how long an answer may take; for files longer")
	flags.BoolVar(&f.pace, "pace", false, "keep the recorded segments, and the gaps between them up to "+replay.MaxGap.String())
	flags.BoolVar(&f.verbatim, "verbatim", false, "send the recorded bytes as they are: adapt nothing, bring about nothing")
	flags.StringVar(&f.keyFile, "key", "", "priv.key of the recorded client, to send the same file")
	flags.IntVar(&f.connection, "connection", 0, "which of several connections in a capture, from 1")
	flags.Uint16Var(&f.port, "port", 0, "of a capture, the connections to this port of a server; 0: all")
	flags.StringVar(&f.record, "record", "", "write the new conversation to this file (.xftrace), one for each connection")
	flags.BoolVar(&f.quiet, "quiet", false, "show the outcome alone")
	if err := cmd.MarkFlagRequired("addr"); err != nil {
		panic(err) // the flag is defined above
	}
	return cmd
}

func (f *replayFlags) run(cmd *cobra.Command) error {
	if _, _, err := net.SplitHostPort(f.addr); err != nil {
		return fmt.Errorf("--addr %q is not HOST:PORT: %w", f.addr, err)
	}
	if f.timeout <= 0 {
		return fmt.Errorf("--timeout %s: a time greater than 0 is needed", f.timeout)
	}
	if err := f.check(); err != nil {
		return err
	}
	all, err := f.conversations()
	if err != nil {
		return err
	}
	ed := f.editionOf(all[0])
	o := replay.Options{Edition: ed, Addr: f.addr, Timeout: f.timeout, Pace: f.pace, Verbatim: f.verbatim}
	var recorders []*trace.Recorder
	if f.record != "" {
		o.Record = func() *trace.Recorder {
			recorders = append(recorders, trace.NewRecorder(ed.Name, trace.MaxLimit))
			return recorders[len(recorders)-1]
		}
	}
	if !f.quiet {
		o.Step = func(s replay.Step) {
			fmt.Fprintf(f.out, "%s%s %s\n", f.connectionName(s.Conn, "%d "), s.Dir, report.PlainText(s.What))
		}
	}
	result, err := replay.RunAll(cmd.Context(), all, o)
	if err != nil {
		if errors.Is(err, replay.ErrNoRequests) {
			return fmt.Errorf("replay %s: %w", strings.Join(f.paths, " "), err)
		}
		return exit(report.ExitIncomplete, err)
	}
	var recorded []*trace.Transcript
	for _, r := range recorders {
		recorded = append(recorded, r.Transcript())
	}
	if _, err := trace.WriteFiles(f.record, recorded); err != nil {
		return err
	}
	return f.tell(result)
}

// connectionName names a connection where there are several.
func (f *replayFlags) connectionName(n int, format string) string {
	if len(f.paths) == 1 {
		return ""
	}
	return fmt.Sprintf(format, n)
}

// conversations reads those that are meant, a connection of each file.
func (f *replayFlags) conversations() (all []*trace.Transcript, err error) {
	for _, f.path = range f.paths {
		t, err := f.conversation()
		if err != nil {
			if !errors.As(err, new(*os.PathError)) {
				err = fmt.Errorf("replay %s: %w", f.path, err)
			}
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// conversation reads the one that is meant.
func (f *replayFlags) conversation() (*trace.Transcript, error) {
	in, err := f.open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // it was only read
	if in.kind == inputBytes {
		return nil, errors.New("neither a recording by xferspec nor a capture")
	}
	all, err := f.read(in)
	if err != nil {
		return nil, err
	}
	n := f.connection
	switch {
	case n == 0 && len(all) == 1:
		n = 1
	case n == 0 && len(all) > 1:
		return nil, fmt.Errorf("there are %d connections in it: choose one with --connection", len(all))
	case n < 1 || n > len(all):
		return nil, fmt.Errorf("--connection %d: there are %d in it", n, len(all))
	}
	t := all[n-1]
	if f.key != nil {
		t.Secrets = &trace.Secrets{PrivateKey: f.key}
	}
	return t, nil
}

// tell says what became of the replay; the error has the exit status.
func (f *replayFlags) tell(r *replay.Result) error {
	for _, note := range r.Notes {
		fmt.Fprintf(f.out, "note: %s\n", note)
	}
	switch {
	case r.Difference != nil:
		fmt.Fprintf(f.out, "different: %s%s\n", f.connectionName(r.Conn, "connection %d, "), r.Difference)
		return &exitError{status: report.ExitNonConformant}
	case r.Compared == 0:
		return exit(report.ExitIncomplete, errors.New("no response was recorded, so nothing was compared"))
	}
	same := "the same"
	if r.Excepted > 0 {
		same += ", as far as it was compared"
	}
	fmt.Fprintf(f.out, "%s: %d requests sent, %d answers as recorded\n", same, r.Requests, r.Compared)
	return nil
}
