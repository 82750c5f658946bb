// Command xferspec tests implementations of the protocol: servers and clients
// in any language, clause by clause.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/target"
)

func main() { os.Exit(run()) }

// run is main with an exit status, so that tests can call it as a command.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	status := exitStatus(rootCommand().ExecuteContext(ctx))
	if err := target.Sweep(ctx); err != nil { // containers that an interrupt left behind
		fmt.Fprintf(os.Stderr, "xferspec: %v\n", err)
	}
	return status
}

// exitError ends the program with a status of the contract. Any other error is
// wrong usage: it comes from cobra's reading of the command line.
type exitError struct {
	status int
	err    error // nil: all has been said
}

func (e *exitError) Error() string { return fmt.Sprint(e.err) }
func (e *exitError) Unwrap() error { return e.err }

// exit makes an error that ends the program with a status; nil stays nil.
func exit(status int, err error) error {
	if err == nil {
		return nil
	}
	return &exitError{status, err}
}

// exitStatus says in one line what went wrong and returns the exit status.
func exitStatus(err error) int {
	if err == nil {
		return report.ExitConformant
	}
	status := report.ExitUsage
	if e, ok := errors.AsType[*exitError](err); ok {
		status = e.status
		if e.err == nil {
			return status
		}
	}
	fmt.Fprintf(os.Stderr, "xferspec: %s\n", report.PlainText(err.Error())) // a file's content may be in it
	return status
}

// showHelp is what a command does that only has others. That it does something
// makes a misspelt command an error.
func showHelp(cmd *cobra.Command, _ []string) error { return cmd.Help() }

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "xferspec",
		Short: "Test servers and clients of the file transfer protocol, clause by clause",
		Long: `xferspec tests implementations of one binary file transfer protocol, servers
and clients in any language, and says clause by clause what they get wrong.

Exit status: 0 conformant, 1 not conformant, 2 wrong usage, 3 incomplete (no
case ran, or a prerequisite was missing), 4 fault of xferspec itself.`,
		Example: `  xferspec demo
  xferspec test server --addr 127.0.0.1:1256
  xferspec test server --dir my-server -- python3 main.py
  xferspec test client --dir my-client -- ./client`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          showHelp,
		Version:       version(),
	}
	root.AddCommand(
		testCommand(), demoCommand(), listCommand(), explainCommand(), editionsCommand(),
		reportCommand(), matrixCommand(), decodeCommand(), vectorsCommand(), proxyCommand(), replayCommand(),
		selftestCommand(), gradeCommand(), fuzzCommand(), benchCommand(), referenceCommand(), mutantCommand(),
		initCommand(), doctorCommand(), versionCommand(), manCommand(),
	)
	return root
}
