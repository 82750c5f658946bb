//go:build unix

package target

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/client"

	"github.com/xferspec/xferspec/spec"
)

// prints waits until the server has printed this and nothing else.
func prints(t *testing.T, s Server, text string) {
	t.Helper()
	for began := time.Now(); s.Output() != text; runtime.Gosched() { // what is printed comes a moment later
		if time.Since(began) > 5*time.Second {
			t.Fatalf("output %q, want %q", s.Output(), text)
		}
	}
}

// content returns the text of a file among what the server has.
func content(t *testing.T, s Server, name string) string {
	t.Helper()
	dir, err := s.Files(t.Context(), s.Dir())
	check(t, err)
	text, err := os.ReadFile(filepath.Join(dir, name))
	check(t, err)
	return string(text)
}

func TestContainerLife(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	source := t.TempDir()
	check(t, os.WriteFile(filepath.Join(source, "brought"), []byte("along"), 0o600))
	s := open(t, ServerConfig{Image: imageWith(t), Dir: source, Ready: greeted})
	if _, ended := s.Exited(); ended || s.Addr() != "" || s.Output() != "" || !s.Local() || s.Dir() != "/work" {
		t.Errorf("before the start: ended %t, address %q, output %q, local %t, folder %q", ended, s.Addr(), s.Output(), s.Local(), s.Dir())
	}
	check(t, s.Stop(t.Context()))
	check(t, s.Kill())
	check(t, s.Start(t.Context()))
	first := s.Addr()
	prints(t, s, "listening\n")
	if err := s.Start(t.Context()); err == nil {
		t.Error("started twice")
	}
	if text := content(t, s, "README"); text != "from the image" {
		t.Errorf("README %q", text)
	}
	if text := content(t, s, "brought"); text != "along" {
		t.Errorf("brought %q", text)
	}

	check(t, s.Kill())
	if exit, ended := s.Exited(); !ended || exit.String() != "signal: killed" || exit.Code != -1 {
		t.Errorf("after a kill: %s, %t", exit, ended)
	}
	moment, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond) // it takes seconds to be told that nobody has the address
	defer cancel()
	if greeted(moment, first) == nil {
		t.Error("killed, but still there")
	}
	visits := content(t, s, "visits")
	check(t, s.Restart(t.Context()))
	if _, ended := s.Exited(); ended {
		t.Error("restarted, but ended")
	}
	prints(t, s, "listening\n")
	check(t, greeted(t.Context(), s.Addr()))
	if text := content(t, s, "visits"); len(text) <= len(visits) || visits == "" {
		t.Errorf("%d visits before the restart, %d in all", len(visits), len(text))
	}

	id := s.(*localServer).place.(*containerPlace).container.id
	check(t, s.Close())
	check(t, s.Close())
	if _, err := theEngine(t).client.ContainerInspect(t.Context(), id, client.ContainerInspectOptions{}); err == nil {
		t.Error("closed, but the container is still there")
	}
	if files, _ := os.ReadDir(os.TempDir()); len(files) > 0 {
		t.Errorf("left behind: %v", files)
	}
	if err := s.Start(t.Context()); err == nil {
		t.Error("started after Close")
	}
	if _, err := s.Files(t.Context(), "/work"); err == nil {
		t.Error("copied after Close")
	}
}

// TestContainerVolumes: the volumes of an image go with the container.
func TestContainerVolumes(t *testing.T) {
	t.Parallel()
	e := theEngine(t)
	s := started(t, ServerConfig{Image: imageWith(t), Ready: greeted})
	found, err := e.client.ContainerInspect(t.Context(), s.(*localServer).place.(*containerPlace).container.id, client.ContainerInspectOptions{})
	check(t, err)
	if len(found.Container.Mounts) != 1 {
		t.Fatalf("mounts: %v", found.Container.Mounts)
	}
	volume := found.Container.Mounts[0].Name
	_, err = e.client.VolumeInspect(t.Context(), volume, client.VolumeInspectOptions{})
	check(t, err)
	check(t, s.Close())
	if _, err := e.client.VolumeInspect(t.Context(), volume, client.VolumeInspectOptions{}); err == nil {
		t.Error("closed, but the volume is still there")
	}
}

func TestContainerFiles(t *testing.T) {
	t.Parallel()
	s := started(t, ServerConfig{Image: imageWith(t), Ready: greeted})
	path, err := s.Files(t.Context(), "/etc/passwd")
	check(t, err)
	if text, err := os.ReadFile(path); err != nil || !strings.Contains(string(text), "user:x:1234") {
		t.Errorf("passwd %q, %v", text, err)
	}
	if again, err := s.Files(t.Context(), s.Dir()); err != nil || again == path {
		t.Errorf("%s, %v", again, err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the copy before is still there: %v", err)
	}
	if _, err := s.Files(t.Context(), "/no/such"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no such file: %v", err)
	}
	if _, err := s.Files(t.Context(), "work"); err == nil {
		t.Error("a relative path was accepted")
	}
}

func TestContainerPort(t *testing.T) {
	t.Parallel()
	edition, err := spec.LookupEdition("2024a")
	check(t, err)
	tests := []struct {
		name    string
		command string
		info    *PortInfo
		output  string
	}{
		{"as an argument", "serve-at {port}", nil, "listening\n"},
		{"no port.info", "serve-by-default", &PortInfo{Missing: true}, "listening\n"},
		{"a word in port.info", "serve-by-default", &PortInfo{Text: []byte("http")}, "port.info \"http\"\nlistening\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := started(t, ServerConfig{
				Edition: edition, Image: imageWith(t), Command: strings.Fields(test.command), PortInfo: test.info, Ready: greeted,
			})
			prints(t, s, test.output)
		})
	}
}

func TestContainerStop(t *testing.T) {
	t.Parallel()
	t.Run("gracefully", func(t *testing.T) {
		t.Parallel()
		s := started(t, ServerConfig{Image: imageWith(t), Command: []string{"serve-gracefully"}, Ready: greeted})
		check(t, s.Stop(t.Context()))
		if exit, ended := s.Exited(); !ended || exit != (ExitState{}) {
			t.Errorf("after a stop: %s, %t", exit, ended)
		}
		content(t, s, "stopped")
	})
	t.Run("without a handler", func(t *testing.T) {
		t.Parallel()
		s := started(t, ServerConfig{Image: imageWith(t), Ready: greeted, StopGrace: time.Minute})
		check(t, s.Stop(t.Context()))
		if exit, _ := s.Exited(); exit.Signal != "terminated" {
			t.Errorf("after a stop: %s", exit)
		}
	})
	t.Run("insists", func(t *testing.T) {
		t.Parallel()
		s := started(t, ServerConfig{
			Image: imageWith(t), Command: []string{"serve-stubbornly"}, Ready: greeted, StopGrace: 50 * time.Millisecond,
		})
		check(t, s.Stop(t.Context()))
		if exit, _ := s.Exited(); exit.Signal != "killed" {
			t.Errorf("after a stop: %s", exit)
		}
	})
}

func TestContainerStartFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		command []string
		exit    *ExitState
		want    []string
	}{
		{"ends early", []string{"fail", "opening database", "no such file"}, &ExitState{Code: 7}, []string{
			"the server ended with exit status 7 after ", "\n    opening database\n    no such file"}},
		{"crashes", []string{"crash"}, &ExitState{Code: -1, Signal: "killed"}, []string{"signal: killed"}},
		{"listens at home", []string{"serve-at-home"}, nil, []string{
			"the server at ", " was not ready after ", "listen on 0.0.0.0", "\n    listening"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			timeout := 10 * time.Second
			if test.exit == nil {
				timeout = time.Second
			}
			s := open(t, ServerConfig{Image: imageWith(t), Command: test.command, Ready: greeted, StartTimeout: timeout})
			err := s.Start(t.Context())
			var failure *StartError
			if !errors.As(err, &failure) {
				t.Fatalf("error is %v", err)
			}
			if (failure.Exit == nil) != (test.exit == nil) || test.exit != nil && *failure.Exit != *test.exit {
				t.Errorf("exit is %v", failure.Exit)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in: %s", want, err)
				}
			}
			if _, ended := s.Exited(); !ended {
				t.Error("it still runs")
			}
		})
	}
}

// TestContainerIsCancelled: whatever the moment, nothing stays.
func TestContainerIsCancelled(t *testing.T) {
	image, e := imageWith(t), theEngine(t)
	t.Run("before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := OpenServer(ctx, ServerConfig{Image: image}); !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v", err)
		}
	})
	t.Run("at any moment of opening and starting", func(t *testing.T) {
		for limit := 5 * time.Millisecond; ; limit += 150 * time.Millisecond {
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			s, err := OpenServer(ctx, ServerConfig{Image: image, Ready: greeted})
			if err == nil {
				err = errors.Join(s.Start(ctx), s.Close())
			}
			cancel()
			if ids, fault := left(t.Context(), e); fault != nil || len(ids) > 0 {
				t.Fatalf("after %s: %v, %v", limit, ids, fault)
			}
			if err == nil {
				return
			}
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("after %s the error is %v", limit, err)
			}
		}
	})
	t.Run("and is swept", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s, err := OpenServer(ctx, ServerConfig{Image: image, Ready: greeted})
		check(t, err)
		check(t, s.Start(ctx))
		cancel()
		check(t, Sweep(ctx))
		if ids, err := left(t.Context(), e); err != nil || len(ids) > 0 {
			t.Errorf("swept, but there are %v, %v", ids, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestContainerPublishesAtHome: the server under test is at a port of this
// machine, and there for nobody else.
func TestContainerPublishesAtHome(t *testing.T) {
	t.Parallel()
	s := started(t, ServerConfig{Image: imageWith(t), Ready: greeted})
	c := s.(*localServer).place.(*containerPlace).container
	found, err := c.engine.client.ContainerInspect(t.Context(), c.id, client.ContainerInspectOptions{})
	check(t, err)
	published := addrOf(found.Container.NetworkSettings, c.port, nil, "127.0.0.1")
	check(t, greeted(t.Context(), published))
	host, err := c.engine.hostAddress(t.Context())
	check(t, err)
	_, port, err := net.SplitHostPort(published)
	check(t, err)
	if err := accepts(t.Context(), net.JoinHostPort(host, port)); err == nil {
		t.Errorf("%s is there at %s, too", published, host)
	}
}

// BenchmarkContainerStart measures from the start of a server to its first answer.
func BenchmarkContainerStart(b *testing.B) {
	id, err := theImage()
	if err != nil {
		b.Fatal(err)
	}
	for range b.N {
		b.StopTimer()
		s, err := OpenServer(b.Context(), ServerConfig{Image: id, Ready: greeted})
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		err = s.Start(b.Context())
		b.StopTimer()
		if err := errors.Join(err, s.Close()); err != nil {
			b.Fatal(err)
		}
	}
}
