package target

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec"
)

func TestOpenServerRefuses(t *testing.T) {
	tests := []struct {
		name string
		cfg  ServerConfig
		want string
	}{
		{"nothing", ServerConfig{}, "neither an address nor a command nor an image"},
		{"both", ServerConfig{Addr: "127.0.0.1:1", Command: []string{"true"}}, "not both"},
		{"both, in a container", ServerConfig{Addr: "127.0.0.1:1", Image: "image"}, "not both"},
		{"image and folder", ServerConfig{Image: "image", Build: "folder"}, "not both"},
		{"no edition", ServerConfig{Command: []string{"true"}, PortInfo: &PortInfo{}}, "no default port"},
		{"no port", ServerConfig{Addr: "127.0.0.1"}, "HOST:PORT"},
		{"two ports", ServerConfig{Addr: "a:1:2"}, "HOST:PORT"},
		{"port 0", ServerConfig{Addr: "127.0.0.1:0"}, "1 to 65535"},
		{"port by name", ServerConfig{Addr: "127.0.0.1:http"}, "1 to 65535"},
		{"no such command", ServerConfig{Command: []string{"./none"}}, `command "./none": there is no such file`},
		{"no such folder", ServerConfig{Dir: "none", Command: []string{"./none"}}, `folder "none": there is no such folder`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			_, err := OpenServer(t.Context(), test.cfg)
			var wrong *ConfigError
			if !errors.As(err, &wrong) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want …%s…", err, test.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %v", err)
			}
		})
	}
}

func TestAddress(t *testing.T) {
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	s, err := OpenServer(t.Context(), ServerConfig{Addr: listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Error(err)
	}
	if s.Addr() != listener.Addr().String() || s.Dir() != "" || s.Output() != "" || s.Local() {
		t.Errorf("address %s, folder %q, output %q, local %t", s.Addr(), s.Dir(), s.Output(), s.Local())
	}
	if _, ended := s.Exited(); ended {
		t.Error("ended")
	}
	for name, err := range map[string]error{
		"stop": s.Stop(t.Context()), "kill": s.Kill(), "restart": s.Restart(t.Context()),
	} {
		if !errors.Is(err, ErrNotLocal) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.Files(t.Context(), "/"); !errors.Is(err, ErrNotLocal) {
		t.Errorf("files: %v", err)
	}
	if err := s.ResetMemory(); !errors.Is(err, ErrNotLocal) {
		t.Errorf("ResetMemory: %v", err)
	}
	if _, err := s.CPU(); !errors.Is(err, ErrNotLocal) {
		t.Errorf("CPU: %v", err)
	}
	if _, err := s.Memory(); !errors.Is(err, ErrNotLocal) {
		t.Errorf("memory: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestAddressUnreachable(t *testing.T) {
	asked := 0
	s, err := OpenServer(t.Context(), ServerConfig{
		Addr: "127.0.0.1:1", StartTimeout: 300 * time.Millisecond,
		Ready: func(ctx context.Context, addr string) error {
			asked++
			return accepts(ctx, addr)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Start(t.Context())
	var failure *StartError
	if !errors.As(err, &failure) || !strings.Contains(err.Error(), "the server at 127.0.0.1:1 was not ready after") || !strings.Contains(err.Error(), "refused") {
		t.Errorf("error is %v", err)
	}
	if asked < 2 {
		t.Errorf("asked %d times", asked)
	}
}

func TestAddressIsCompleted(t *testing.T) {
	ed, err := spec.LookupEdition("2024a")
	if err != nil {
		t.Fatal(err)
	}
	for addr, want := range map[string]string{
		"10.0.0.1:7":   "10.0.0.1:7",
		":7":           "127.0.0.1:7",
		"10.0.0.1":     "10.0.0.1:1256",
		"example.org":  "example.org:1256",
		"[::1]:7":      "[::1]:7",
		"example.org:": "",
	} {
		got, err := completeAddr(addr, ed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", addr, got, err)
		}
	}
}
