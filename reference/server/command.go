package server

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// Exit statuses of the program.
const (
	ExitOK     = 0
	ExitFailed = 1 // the address, the data folder or the database cannot be used
	ExitUsage  = 2 // the command line is wrong
)

// UsageError is a mistake in the command line.
type UsageError struct{ Err error }

// Error returns what is wrong.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *UsageError) Unwrap() error { return e.Err }

// Main runs the program until ctx is over and returns its exit status. Everything
// it says goes to stderr, but for what --help asks for.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	cmd := Command()
	cmd.SetArgs(args)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := cmd.ExecuteContext(ctx)
	if err == nil {
		return ExitOK
	}
	if _, ok := errors.AsType[*UsageError](err); ok {
		_, _ = fmt.Fprintf(stderr, "xfer-server: %v (see xfer-server --help)\n", err)
		return ExitUsage
	}
	_, _ = fmt.Fprintf(stderr, "xfer-server: %v\n", err)
	return ExitFailed
}

// Command returns the program. It runs until its context is over. A mistake in
// the command line is a *UsageError; errors are returned, not printed.
func Command() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "xfer-server",
		Short: "Reference server of the file transfer protocol",
		Long: `Reference server of the file transfer protocol.

Without flags it works in its working directory: it reads the port from
port.info, and keeps its database and the files of its clients there. It ends
on SIGINT or SIGTERM, after the requests in flight.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return &UsageError{fmt.Errorf("unexpected argument %q", args[0])}
			}
			return nil
		},
		RunE:          func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), cmd.ErrOrStderr()) },
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &UsageError{err} })
	o.define(cmd)
	return cmd
}
