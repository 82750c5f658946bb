package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// testConfigured runs what xferspec.yaml names, server before client, each in a
// process of its own, and exits with the worse status.
func testConfigured(cmd *cobra.Command) error {
	flags := cmd.Flags()
	file, err := config.Read(config.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("say what to test: 'xferspec test server', 'xferspec test client', or a %s in this folder", config.Name)
	}
	if err != nil {
		return err
	}
	status := report.ExitConformant
	for _, t := range []struct {
		role   spec.Role
		target *config.Target
	}{{spec.Server, file.Server}, {spec.Client, file.Client}} {
		if t.target == nil {
			continue
		}
		both := file.Server != nil && file.Client != nil
		passed := passedFlags(flags, t.role, both)
		s, err := runSelf(cmd.Context(), configuredArgs(t.role, file.Edition, t.target, len(file.KnownFailures) > 0, passed)...)
		if err != nil {
			return exit(report.ExitFault, err)
		}
		status = max(status, s)
	}
	if status != report.ExitConformant {
		return &exitError{status: status}
	}
	return nil
}

// configuredArgs says the same as the file does, in flags.
func configuredArgs(role spec.Role, edition string, t *config.Target, known bool, passed []string) []string {
	args := []string{"test", role.String()}
	for _, flag := range []struct{ name, value string }{
		{"--edition", edition}, {"--addr", t.Addr}, {"--dir", t.Dir}, {"--image", t.Image}, {"--build", t.Build},
	} {
		if flag.value != "" {
			args = append(args, flag.name, flag.value)
		}
	}
	if known {
		args = append(args, "--known-failures", config.Name)
	}
	args = append(args, passed...)
	if len(t.Run) > 0 {
		args = append(append(args, "--"), t.Run...)
	}
	return args
}

// passedFlags returns the flags that were given.
func passedFlags(flags *pflag.FlagSet, role spec.Role, both bool) (args []string) {
	flags.Visit(func(f *pflag.Flag) {
		value := f.Value.String()
		if list, ok := f.Value.(pflag.SliceValue); ok {
			value = strings.Join(list.GetSlice(), ",")
		}
		if both && slices.ContainsFunc(forms, func(form form) bool { return form.name == f.Name }) {
			ext := filepath.Ext(value)
			value = strings.TrimSuffix(value, ext) + "-" + role.String() + ext
		}
		args = append(args, "--"+f.Name+"="+value)
	})
	return args
}

// runSelf runs this program with other arguments and returns its exit status.
func runSelf(ctx context.Context, args ...string) (int, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, fmt.Errorf("find this program: %w", err)
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err = cmd.Run()
	if exitErr, ok := errors.AsType[*exec.ExitError](err); ok {
		return exitErr.ExitCode(), nil
	}
	return 0, err
}
