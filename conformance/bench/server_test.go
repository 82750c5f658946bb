package bench

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/reference/server"
	"github.com/xferspec/xferspec/spec"
)

// serving starts a reference server of an edition and returns its address.
func serving(t *testing.T, ed *spec.Edition) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{Edition: ed, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}

func at(addrs ...string) (all []target.ServerConfig) {
	for _, addr := range addrs {
		all = append(all, target.ServerConfig{Addr: addr})
	}
	return all
}

// A right server in any edition, from one client and from several.
func TestServer(t *testing.T) {
	for _, ed := range spec.Editions() {
		t.Run(ed.Name, func(t *testing.T) {
			loads := []Load{{Clients: 1, Size: 3000}, {Clients: 20, Size: 100}, {Clients: 2, Size: 100_000}}
			r, err := Server(t.Context(), ServerConfig{
				Edition: ed, Targets: at(serving(t, ed)), Loads: loads, Rounds: 2, Repeat: 1, TimeScale: 6,
			})
			if err != nil || r.Reason != "" || r.Failed() != 0 || len(r.Loads) != len(loads) {
				t.Fatalf("%+v, %v", r, err)
			}
			for i, o := range r.Loads {
				s := o.Samples[0]
				if s.Files != 2*loads[i].Clients || s.Bytes != int64(s.Files)*loads[i].Size || s.WallMs <= 0 || s.OwnCPUMs <= 0 {
					t.Errorf("%+v", s)
				}
				for _, what := range []string{"file", "crc-ok"} {
					if l, ok := s.Latency(what); !ok || l.Count != s.Files || l.Max <= 0 || l.P50 > l.P90 || l.P99 > l.Max {
						t.Errorf("%s: %+v", what, l)
					}
				}
			}
			greeted := map[string]int{}
			for _, l := range r.Greetings[0] {
				greeted[l.What] = l.Count
			}
			if logins := greeted["login"]; greeted["register"] != 20 || ed.Has(spec.TypeLogin) && (logins != 23 || greeted["public-key"] != 20) {
				t.Errorf("greetings: %v", greeted)
			}
			valid(t, r)
		})
	}
}

// valid checks a result against the schema.
func valid(t *testing.T, r *Result) {
	t.Helper()
	var text bytes.Buffer
	r.Suite = report.Suite{Version: "test"}
	if err := r.WriteJSON(&text); err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSONSchema))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.AddResource("bench.json", schema); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&text)
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("bench.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(doc); err != nil {
		t.Error(err)
	}
}

func defaultEdition(t *testing.T) *spec.Edition {
	t.Helper()
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

// Two servers are measured in turn and compared.
func TestTwoServers(t *testing.T) {
	ed := defaultEdition(t)
	r, err := Server(t.Context(), ServerConfig{
		Edition: ed, Targets: at(serving(t, ed), serving(t, ed)), Loads: []Load{{Clients: 2, Size: 5000}}, Rounds: 3, Repeat: 4, TimeScale: 6,
	})
	if err != nil || r.Failed() != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	var order strings.Builder
	for _, s := range r.Loads[0].Samples {
		order.WriteByte(byte('A' + s.Target))
	}
	if order.String() != "ABBAABBA" {
		t.Errorf("measured in the order %s", order.String())
	}
	ratios := r.Loads[0].Ratios
	if ratios == nil || ratios.Throughput.Pairs != 4 || ratios.Latency.Min > ratios.Latency.Max || ratios.Peak != nil {
		t.Errorf("%+v", ratios)
	}
	valid(t, r)
}

// What is wrong is counted, by what it is, and ends the client that it happened to.
func TestWrongServer(t *testing.T) {
	const size = 5000
	tests := []struct {
		name  string
		spoil func(s *sink)
		what  string
	}{
		{"another checksum", func(s *sink) { s.content.sum++ }, "1028 file: the answer has another checksum than the file"},
		{"the connection's end", func(s *sink) { s.cipher[size/2]++ }, "1028 file: the connection was"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ed := defaultEdition(t)
			s, err := newSink(t.Context(), "127.0.0.1", ed)
			if err != nil {
				t.Fatal(err)
			}
			defer s.close()
			s.expect(newContents([]int64{size})[size])
			tt.spoil(s)
			r, err := Server(t.Context(), ServerConfig{
				Edition: ed, Targets: at(s.listener.Addr().String()), Loads: []Load{{Clients: 3, Size: size}}, Rounds: 5, Repeat: 1, TimeScale: 6,
			})
			if err != nil {
				t.Fatal(err)
			}
			sample := r.Loads[0].Samples[0]
			if sample.Files != 0 || sample.Failed() != 3 || len(sample.Failures) == 0 || !strings.HasPrefix(sample.Failures[0].What, tt.what) || !strings.Contains(sample.Failures[0].Example, "source port") {
				t.Errorf("%+v", sample)
			}
			valid(t, r)
		})
	}
}

// A server that nobody can register with is no server with failures.
func TestUnusableServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	_, err = Server(t.Context(), ServerConfig{
		Edition: defaultEdition(t), Targets: at(listener.Addr().String()), Loads: []Load{{Clients: 1, Size: 10}}, Rounds: 1, Repeat: 1, TimeScale: 1,
	})
	if _, ok := errors.AsType[*UnusableError](err); !ok {
		t.Errorf("%v", err)
	}
}

// An interrupt leaves what was measured until then.
func TestInterrupt(t *testing.T) {
	ed := defaultEdition(t)
	ctx, cancel := context.WithCancel(t.Context())
	r, err := Server(ctx, ServerConfig{
		Edition: ed, Targets: at(serving(t, ed)), Loads: []Load{{Clients: 1, Size: 10}, {Clients: 2, Size: 10}},
		Duration: time.Hour, Repeat: 1, TimeScale: 1, Progress: func(string) { time.AfterFunc(300*time.Millisecond, cancel) },
	})
	if err != nil || r.Reason == "" || r.DurationMs > 60_000 {
		t.Errorf("%+v, %v", r, err)
	}
}
