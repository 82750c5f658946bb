package server_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/reference/server"
	"github.com/xferspec/xferspec/spec/state"
)

// What cannot be started says why in one line, and by the exit status whose fault
// it is.
func TestProgramRefuses(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return filepath.Dir(path)
	}
	damaged := write("damaged/defensive.db", strings.Repeat("no database ", 500))
	file := filepath.Join(write("file/x", ""), "x")
	if err := os.MkdirAll(filepath.Join(folder, "folder", "defensive.db"), 0o700); err != nil {
		t.Fatal(err)
	}

	const free = "127.0.0.1:0"
	for _, tt := range []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"unknown flag", []string{"--port", "1"}, server.ExitUsage, "unknown flag: --port"},
		{"argument", []string{"start"}, server.ExitUsage, `unexpected argument "start"`},
		{"unknown edition", []string{"--edition", "2025a"}, server.ExitUsage, "2024a"},
		{"address without a port", []string{"--addr", "localhost"}, server.ExitUsage, "missing port"},
		{"no limit", []string{"--max-connections", "0"}, server.ExitUsage, "--max-connections"},
		{"log format", []string{"--log-format", "xml"}, server.ExitUsage, `"xml"`},
		{"log level", []string{"--log-level", "loud"}, server.ExitUsage, `"loud"`},
		{"address in use", []string{"--addr", taken.Addr().String()}, server.ExitFailed, "address already in use"},
		{"no folder", []string{"--addr", free, "--data", filepath.Join(folder, "missing")}, server.ExitFailed, "no such file"},
		{"a file as folder", []string{"--addr", free, "--data", file}, server.ExitFailed, "not a directory"},
		{"damaged database", []string{"--addr", free, "--data", damaged}, server.ExitFailed, "defensive.db: file is not a database"},
		{"a folder as database", []string{"--addr", free, "--data", filepath.Join(folder, "folder")}, server.ExitFailed, "is a directory"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			if status := server.Main(t.Context(), tt.args, io.Discard, &out); status != tt.status {
				t.Errorf("exit status %d, want %d", status, tt.status)
			}
			text := out.String()
			if !strings.HasPrefix(text, "xfer-server: ") || strings.Count(text, "\n") != 1 || !strings.Contains(text, tt.want) {
				t.Errorf("it says %q, want one line with %q", text, tt.want)
			}
		})
	}
}

func TestProgramHelp(t *testing.T) {
	var out, errs bytes.Buffer
	if status := server.Main(t.Context(), []string{"--help"}, &out, &errs); status != server.ExitOK {
		t.Errorf("exit status %d", status)
	}
	if !strings.Contains(out.String(), "--addr HOST:PORT") || errs.Len() > 0 {
		t.Errorf("help %q, errors %q", &out, &errs)
	}
}

// STO-1, STO-2: where the program listens, told by its log.
func TestProgramPort(t *testing.T) {
	free, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	port := uint16(free.Addr().(*net.TCPAddr).Port)
	_ = free.Close()
	for _, tt := range []struct {
		name, file string
		args       []string
		warning    bool
	}{
		{"without a newline", string(state.FormatPort(port)), nil, false},
		{"with a newline", string(state.FormatPort(port)) + "\r\n", nil, false},
		{"missing", "", nil, true},
		{"no number", "http", []string{"--log-format", "text"}, true},
		{"port 0", "0", nil, true},
		{"too high", "65536", nil, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if tt.file != "" {
				if err := os.WriteFile("port.info", []byte(tt.file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			log := runMain(t, tt.args...)
			warned := strings.Contains(log, "level=WARN") && strings.Contains(log, "port=1256")
			if warned != tt.warning {
				t.Errorf("warned: %t, want %t; log:\n%s", warned, tt.warning, log)
			}
			want := ":" + string(state.FormatPort(port)) + " "
			if tt.warning {
				want = ":1256"
			}
			if !strings.Contains(log, want) {
				t.Errorf("it does not listen on %s; log:\n%s", want, log)
			}
		})
	}
}

// runMain runs the program until it listens, or cannot, and returns its log.
func runMain(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	log := &untilListening{done: cancel}
	_ = server.Main(ctx, args, io.Discard, log) // the default port may be taken
	return log.text.String()
}

// untilListening collects a log and ends the program once it listens.
type untilListening struct {
	text bytes.Buffer
	done func()
}

func (u *untilListening) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("msg=listening")) {
		u.done()
	}
	return u.text.Write(p)
}
