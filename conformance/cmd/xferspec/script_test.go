package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/reference/server"
)

// The programs are commands of the scripts, run by this test binary.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"xferspec":    main,
		"xfer-server": start(server.Main),
		"xfer-client": start(client.Main),
	})
}

// start makes a program's main function.
func start(main program) func() {
	return func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		os.Exit(main(ctx, os.Args[1:], os.Stdout, os.Stderr))
	}
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			port, err := freePort(t.Context())
			env.Setenv("PORT", port)
			env.Setenv("GORACE", "atexit_sleep_ms=0") // else each of hundreds of programs takes a second to exit
			env.Setenv("PROGRAMS", programs(env.Getenv("PATH")))
			foreign, absErr := filepath.Abs("../../foreign")
			env.Setenv("FOREIGN", foreign)
			return errors.Join(err, absErr)
		},
		Condition: func(name string) (bool, error) {
			if name == "race" {
				return race, nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"exits": exits, "same": same},
	})
}

// programs returns the folder of the programs under test, which is on the path.
func programs(path string) string {
	for _, dir := range filepath.SplitList(path) {
		if _, err := os.Stat(filepath.Join(dir, "xfer-server")); err == nil {
			return dir
		}
	}
	return ""
}

// freePort returns a port of 127.0.0.1 on which nobody listens.
func freePort(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, errors.Join(err, listener.Close())
}

// exits runs a program and wants its exit status (exits STATUS PROGRAM ARG…).
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS PROGRAM ARG…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exitErr, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("run %s: %v", args[1], err)
		}
		got = exitErr.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}
