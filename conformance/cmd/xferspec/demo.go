package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// demoSize is the length of the file that the demo makes, in bytes.
const demoSize = 3_000_000

func demoCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "demo [FILE]",
		Short: "Send a file from the reference client to the reference server, then test both",
		Long: `Send a file (yours, or one made on the spot) from the reference client to the
reference server, log in again and send a second one, then run both suites on
them. Everything that was made, recorded and found stays in one folder.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := newDemo(cmd.OutOrStdout(), out)
			if err != nil {
				return err
			}
			first, err := d.firstFile(args)
			if err != nil {
				return err
			}
			if err := d.transfers(cmd.Context(), first); cmd.Context().Err() != nil {
				return exit(report.ExitIncomplete, errors.New("the demo was interrupted"))
			} else if err != nil {
				return exit(report.ExitNonConformant, err)
			}
			return d.suites(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder for traces and reports (default: a new temporary one)")
	return cmd
}

// demo is one demonstration; self is this program, which carries the reference.
type demo struct {
	w         io.Writer
	out, self string
	edition   *spec.Edition
}

func newDemo(w io.Writer, out string) (*demo, error) {
	edition, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, exit(report.ExitFault, fmt.Errorf("find this program: %w", err))
	}
	if out == "" {
		out, err = os.MkdirTemp("", "xferspec-demo-")
	} else {
		err = os.MkdirAll(out, 0o750)
	}
	if err != nil {
		return nil, fmt.Errorf("make the demo's folder: %w", err)
	}
	return &demo{w, out, self, edition}, nil
}

// firstFile returns the path of the file to send: the one named, or a new one.
func (d *demo) firstFile(args []string) (string, error) {
	if len(args) == 1 {
		if _, err := os.Stat(args[0]); err != nil {
			return "", err
		}
		return filepath.Abs(args[0])
	}
	return d.makeFile("first.bin", demoSize)
}

// makeFile writes a file of random bytes, the same ones every time.
func (d *demo) makeFile(name string, size int) (string, error) {
	content := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte([]byte("xferspec demo: the same each run"))).Read(content) // never fails
	path := filepath.Join(d.out, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return "", fmt.Errorf("make a file to send: %w", err)
	}
	return filepath.Abs(path)
}

// suites tests the reference server and client, each in a process of its own,
// and returns the worse exit status.
func (d *demo) suites(ctx context.Context) error {
	status := report.ExitConformant
	for _, role := range []string{"server", "client"} {
		path := filepath.Join(d.out, role)
		fmt.Fprintf(d.w, "\n--- xferspec test %s -- xfer-%s\n", role, role)
		ended, err := runSelf(ctx, "test", role, "--json", path+".json", "--html", path+".html", "--", d.self, "reference", role)
		if err != nil {
			return exit(report.ExitFault, fmt.Errorf("test the reference %s: %w", role, err))
		}
		status = max(status, ended)
	}
	fmt.Fprintf(d.w, "\nThe files, the recorded conversations (xferspec decode FILE) and the reports are in\n%s\n", d.out)
	if status != report.ExitConformant {
		return &exitError{status: status}
	}
	return nil
}
