//go:build unix

package target

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	api "github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
)

// Ways to name an image, each with the program "fail".
func named(image string) func(*testing.T) ClientConfig {
	return func(*testing.T) ClientConfig { return ClientConfig{Image: image, Command: []string{"fail"}} }
}

func imported(lines ...string) func(*testing.T) ClientConfig {
	return func(t *testing.T) ClientConfig {
		return ClientConfig{Image: imageWith(t, lines...), Command: []string{"fail"}}
	}
}

// built names a folder, or one with a Dockerfile of a line more than theImage.
func built(line, folder string) func(*testing.T) ClientConfig {
	return func(t *testing.T) ClientConfig {
		if folder == "" {
			folder = t.TempDir()
			text := "FROM " + imageWith(t) + "\n" + line + "\n"
			check(t, os.WriteFile(filepath.Join(folder, "Dockerfile"), []byte(text), 0o600))
		}
		return ClientConfig{Build: folder, Command: []string{"fail"}}
	}
}

func TestContainerRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		cfg  func(t *testing.T) ClientConfig
		want []string
	}{
		{"no such image", named("xferspec/none:1"), []string{
			`image "xferspec/none:1": `, "docker pull xferspec/none:1", "docker build -t xferspec/none:1"}},
		{"no image name", named("Not A Name"), []string{`image "Not A Name": `}},
		{"image and folder", func(*testing.T) ClientConfig { return ClientConfig{Image: "image", Build: "folder"} }, []string{"not both"}},
		{"no such folder", built("", "no/such"), []string{`folder "no/such": there is no such folder`}},
		{"no Dockerfile", built("", "."), []string{"no Dockerfile"}},
		{"no Dockerfile that can be read", built("NONSENSE", ""), []string{"its Dockerfile cannot be used", "unknown instruction"}},
		{"a step that fails", built(`RUN ["/program", "fail", "no compiler"]`, ""), []string{
			"its Dockerfile does not build", "returned a non-zero code: 7", "\n    no compiler"}},
		{"no working directory", imported("WORKDIR /"), []string{"WORKDIR /app"}},
		{"no program", func(t *testing.T) ClientConfig {
			return ClientConfig{Image: imageWith(t, "ENTRYPOINT []", "CMD []")}
		}, []string{"no container can be made of it", "ommand"}},
		{"a program that is not there", imported(`ENTRYPOINT ["/none"]`), []string{"its program cannot be started", "/none"}},
		{"a user that is not there", imported("USER nobody"), []string{"nobody"}},
		{"a used client", imported("WORKDIR /used"), []string{"it has a me.info in /used", ".dockerignore"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			theEngine(t)
			_, err := RunClient(t.Context(), test.cfg(t), nil)
			if _, ok := errors.AsType[*ConfigError](err); !ok {
				t.Fatalf("error is %v", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in: %s", want, err)
				}
			}
		})
	}
}

// TestContainerBuild: a folder is built once, and the next process finds the same image.
func TestContainerBuild(t *testing.T) {
	t.Parallel()
	cfg, e := built("COPY Dockerfile brought", "")(t), theEngine(t)
	run := ran(t, cfg, nil)
	if text, err := os.ReadFile(filepath.Join(run.Dir, "brought")); err != nil || !strings.HasPrefix(string(text), "FROM ") {
		t.Errorf("brought %q, %v", text, err)
	}
	first, err := e.build(t.Context(), cfg.Build)
	check(t, err)
	e.building.Lock()
	known := e.built[cfg.Build] == first
	delete(e.built, cfg.Build) // as the next process
	e.building.Unlock()
	if again, err := e.build(t.Context(), cfg.Build); err != nil || again != first || !known {
		t.Errorf("built %s, %v, first %s, known %t", again, err, first, known)
	}
}

// TestEngineIsMissing runs in a process of its own, for this one may have found an engine.
func TestEngineIsMissing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	silent := filepath.Join(dir, "silent.sock")
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "unix", silent)
	check(t, err)
	t.Cleanup(func() { _ = listener.Close() }) // after the parallel tests
	for name, host := range map[string]string{
		"no socket": "unix://" + filepath.Join(dir, "none.sock"), "no answer": "unix://" + silent,
		"no listener": "tcp://127.0.0.1:1", "no address": "nonsense",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			command := program(t, "use-engine")
			cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
			cmd.Env = append(os.Environ(), "DOCKER_HOST="+host)
			out, err := cmd.CombinedOutput()
			check(t, err)
			want := "*target.EngineError: the container engine cannot be reached: "
			if text := string(out); !strings.HasPrefix(text, want) || !strings.Contains(text, "start Docker") || strings.Count(text, "\n") != 1 {
				t.Errorf("%q", text)
			}
		})
	}
}

func TestListenHost(t *testing.T) {
	host, err := ClientConfig{Command: []string{"true"}}.ListenHost(context.Background())
	if err != nil || host != "127.0.0.1" {
		t.Errorf("of a command: %s, %v", host, err)
	}
}

func TestContainerAddress(t *testing.T) {
	port := network.MustParsePort("5000/tcp")
	settings := func(ip string) *api.NetworkSettings {
		endpoint := &network.EndpointSettings{Gateway: netip.MustParseAddr("172.17.0.1")}
		if ip != "" {
			endpoint.IPAddress = netip.MustParseAddr(ip)
		}
		return &api.NetworkSettings{
			Networks: map[string]*network.EndpointSettings{"bridge": endpoint},
			Ports:    network.PortMap{port: {{HostPort: "32768"}}},
		}
	}
	gateway := []netip.Addr{netip.MustParseAddr("10.0.0.7"), netip.MustParseAddr("172.17.0.1")}
	tests := []struct {
		name     string
		settings *api.NetworkSettings
		own      []netip.Addr
		want     string
	}{
		{"on its network", settings("172.17.0.2"), gateway, "172.17.0.2:5000"},
		{"elsewhere", settings("172.17.0.2"), gateway[:1], "engine:32768"},
		{"ended", &api.NetworkSettings{}, gateway, ""},
		{"unknown", nil, gateway, ""},
	}
	for _, test := range tests {
		if got := addrOf(test.settings, port, test.own, "engine"); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestGateway(t *testing.T) {
	pool := func(subnet, gateway string) network.IPAMConfig {
		c := network.IPAMConfig{}
		if subnet != "" {
			c.Subnet = netip.MustParsePrefix(subnet)
		}
		if gateway != "" {
			c.Gateway = netip.MustParseAddr(gateway)
		}
		return c
	}
	tests := []struct {
		pools []network.IPAMConfig
		want  string
	}{
		{[]network.IPAMConfig{pool("172.17.0.0/16", "172.17.0.9")}, "172.17.0.9"},
		{[]network.IPAMConfig{pool("172.17.0.0/16", "")}, "172.17.0.1"},
		{[]network.IPAMConfig{pool("fd00::/64", "fd00::1"), pool("10.1.2.0/24", "10.1.2.1")}, "10.1.2.1"},
		{nil, "invalid IP"},
	}
	for _, test := range tests {
		var n network.Inspect
		n.IPAM.Config = test.pools
		got, err := gatewayOf(n)
		if got.String() != test.want || (err == nil) != got.IsValid() {
			t.Errorf("%v: %s, %v", test.pools, got, err)
		}
	}
}
