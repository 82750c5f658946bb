package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/spec"
)

// Exit statuses of the program.
const (
	ExitOK     = 0 // the server has the file, and its checksum is right (CRC-5)
	ExitFailed = 1 // it has not, or it is not (RTY-7, CFG-8)
	ExitUsage  = 2 // the command line is wrong
)

// Main runs the program and returns its exit status. Steps go to stdout; after a
// failure the last line on stderr is "fatal: " and what happened.
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
		_, _ = fmt.Fprintf(stderr, "fatal: %v (see xfer-client --help)\n", err)
		return ExitUsage
	}
	_, _ = fmt.Fprintf(stderr, "fatal: %v\n", err)
	return ExitFailed
}

// Command returns the program. A mistake in the command line is a *UsageError;
// errors are returned, not printed.
func Command() *cobra.Command {
	var edition string
	var cfg Config
	cmd := &cobra.Command{
		Use:   "xfer-client",
		Short: "Reference client of the file transfer protocol",
		Long: `Reference client of the file transfer protocol: it sends a file, encrypted.

What to send is said by transfer.info in the working directory:
    127.0.0.1:1256      address and port of the server
    Ada Lovelace        your name, at most 100 characters
    report.pdf          path of the file

The first run registers the name and writes me.info and priv.key, which
hold your private key; later runs log in with them.

Exit status: 0 the server has the file and its checksum is right
             1 it has not, and the last line says why
             2 wrong usage`,
		Example: "  xfer-client --dir ~/outbox --timeout 1m",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return &UsageError{fmt.Errorf("unexpected argument %q: the file to send stands in transfer.info", args[0])}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if cfg.Edition, err = spec.LookupEdition(edition); err != nil {
				return &UsageError{err}
			}
			if cfg.Timeout <= 0 {
				return &UsageError{errors.New("--timeout must be above 0")}
			}
			cfg.Out = cmd.OutOrStdout()
			return Run(cmd.Context(), cfg)
		},
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &UsageError{err} })
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&cfg.Dir, "dir", ".", "work in `FOLDER`, with its transfer.info")
	flags.StringVar(&edition, "edition", spec.DefaultEdition, "speak the protocol of edition `NAME`, one of\n"+editionNames())
	flags.DurationVar(&cfg.Timeout, "timeout", DefaultTimeout,
		"wait for the server for at most `TIME`, for the\nanswer to a file for a second more per MB")
	flags.BoolVar(&cfg.Quiet, "quiet", false, "print only what goes wrong")
	return cmd
}

func editionNames() string {
	var names []string
	for _, edition := range spec.Editions() {
		names = append(names, edition.Name)
	}
	return strings.Join(names, ", ")
}
