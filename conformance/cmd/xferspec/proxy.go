package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/internal/limited"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/fault"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

// proxyFlags are what the command line says.
type proxyFlags struct {
	listen, to, plan, edition, traces string
	quiet                             bool
}

func proxyCommand() *cobra.Command {
	var f proxyFlags
	cmd := &cobra.Command{
		Use:   "proxy --listen HOST:PORT --to HOST:PORT",
		Short: "Stand between a client and a server, show every frame, and damage those that a plan names",
		Long: `Forward connections to a server and show every frame that passes: number of the
connection, > to the server or < to the client, code, message, size, and what
was done to it.

A plan is a YAML file that says which frames are damaged, and how:

  seed: 7
  faults:
    - {message: file, where: {packet number: 1}, occurrence: 1, flip: {field: content, bits: 2}}
    - {message: thanks, drop: true}
    - {to: both, split: 1}

A fault is about frames by to, message, where and occurrence, and does one of
flip, set, cksum, code, drop, repeat, swap, delay, split, rate, join, cut,
half-close and reset. The same plan does the same to the same conversation.
It goes on until it is interrupted.`,
		Example: `  xferspec proxy --listen 127.0.0.1:1300 --to 127.0.0.1:1256 --plan one-packet.yaml
  xferspec proxy --listen 127.0.0.1:0 --to 127.0.0.1:1256 --traces conversations`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "", "address to accept clients on, HOST:PORT; with port 0 any that is free")
	flags.StringVar(&f.to, "to", "", "address of the server, HOST:PORT")
	flags.StringVar(&f.plan, "plan", "", "file that says what to damage (default: nothing)")
	flags.StringVar(&f.edition, "edition", "", "edition of the protocol (default: that of the plan, or "+spec.DefaultEdition+")")
	flags.StringVar(&f.traces, "traces", "", "folder for what came in and what went out on each connection, as N-in.xftrace and N-out.xftrace")
	flags.BoolVar(&f.quiet, "quiet", false, "do not show the frames")
	for _, name := range []string{"listen", "to"} {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(err) // the flag is defined above
		}
	}
	return cmd
}

// run forwards until the command is interrupted.
func (f *proxyFlags) run(cmd *cobra.Command) error {
	if _, _, err := net.SplitHostPort(f.to); err != nil {
		return fmt.Errorf("--to %q is not HOST:PORT: %w", f.to, err)
	}
	plan, err := f.readPlan()
	if err != nil {
		return err
	}
	if f.traces != "" {
		if err := os.MkdirAll(f.traces, 0o700); err != nil {
			return fmt.Errorf("make the folder for the traces: %w", err)
		}
	}
	listener, err := new(net.ListenConfig).Listen(cmd.Context(), "tcp", f.listen)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(cmd.Context())
	defer stop()
	v := &proxyView{out: cmd.OutOrStdout(), traces: f.traces, stop: stop}
	v.printf("listening on %s, forwarding to %s\n", listener.Addr(), f.to)
	o := fault.Observer{End: v.end}
	if !f.quiet {
		o.Frame, o.Note = v.frame, v.note
	}
	err = fault.Serve(ctx, listener, f.to, plan.Edition, plan, o)
	return exit(report.ExitFault, errors.Join(err, v.err))
}

// readPlan returns the plan, read for the edition that is spoken.
func (f *proxyFlags) readPlan() (*fault.Plan, error) {
	plan := new(fault.Plan)
	if f.plan != "" {
		text, err := limited.ReadFile(f.plan, limited.Setting)
		if err != nil {
			return nil, fmt.Errorf("read the plan: %w", err)
		}
		if plan, err = fault.ParsePlan(f.plan, text); err != nil {
			return nil, err
		}
	}
	name := f.edition
	switch {
	case name != "":
	case plan.Edition != nil:
		return plan, nil
	default:
		name = spec.DefaultEdition
	}
	ed, err := spec.LookupEdition(name)
	if err != nil {
		return nil, err
	}
	return plan.For(ed)
}

// proxyView shows what passes. What it cannot write stops the proxy.
type proxyView struct {
	out    io.Writer
	traces string
	stop   context.CancelFunc
	err    error // the first
}

func (v *proxyView) check(err error) {
	if err != nil && v.err == nil {
		v.err = err
		v.stop()
	}
}

func (v *proxyView) printf(format string, args ...any) {
	_, err := fmt.Fprintf(v.out, format, args...)
	v.check(err)
}

// frame shows a frame and what was made of it.
func (v *proxyView) frame(f fault.Frame) {
	name, size := f.Type.String(), fmt.Sprintf("%d bytes", f.Size)
	if f.Type == spec.TypeUnknown {
		name = "unknown code"
	}
	if f.Type == spec.TypeFile {
		size = fmt.Sprintf("%d+%d bytes", f.Size-f.Content, f.Content)
	}
	if f.Packets > 0 {
		name += fmt.Sprintf(", packet %d of %d", f.Packet, f.Packets)
	}
	v.printf("%d %s %d %s, %s%s\n", f.Conn, f.Dir, f.Code, name, size, changesOf(f))
}

// changesOf says what was made of a frame, by the faults of the plan.
func changesOf(f fault.Frame) string {
	var text strings.Builder
	last := 0
	for _, c := range f.Changes {
		if c.Fault != last {
			fmt.Fprintf(&text, "; fault %d: %s", c.Fault, c.What)
		}
		if last = c.Fault; c.Field != "" {
			fmt.Fprintf(&text, ", byte %d: %s to %s", c.Offset, someHex(c.Before), someHex(c.After))
		}
	}
	return text.String()
}

// someHex returns the first bytes in hexadecimal.
func someHex(b []byte) string {
	const most = 8
	if len(b) > most {
		return hex.EncodeToString(b[:most]) + "…"
	}
	return hex.EncodeToString(b)
}

func (v *proxyView) note(conn int, dir trace.Direction, text string) {
	v.printf("%d %s %s\n", conn, dir, text)
}

// end says how a connection went and keeps what passed on it.
func (v *proxyView) end(conn int, in, out *trace.Transcript) {
	v.printf("%d %s\n", conn, in.Note)
	if v.traces == "" {
		return
	}
	for name, t := range map[string]*trace.Transcript{"in": in, "out": out} {
		_, err := trace.WriteFiles(filepath.Join(v.traces, fmt.Sprintf("%d-%s.xftrace", conn, name)), []*trace.Transcript{t})
		v.check(err)
	}
}
