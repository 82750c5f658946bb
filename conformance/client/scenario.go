package client

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"github.com/onsi/ginkgo/v2"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/interop"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
)

// stage is what a scenario sets up before the client runs.
type stage struct {
	edition *spec.Edition
	name    string                                // line 2 of transfer.info
	path    string                                // line 3 of transfer.info
	content []byte                                // of the file to send
	place   func(path string) error               // lays out what is to be sent instead of a file with that content, if not nil
	full    bool                                  // the path is given from the root on
	files   map[string][]byte                     // written into the folder besides, by name
	info    func(right state.TransferInfo) []byte // makes transfer.info, if not nil; nil leaves it out
	script  peer.Script

	reference bool   // the server is the reference, not the harness,
	plan      string // with the faults of a plan on the way to it
}

// answers makes the server depart from the protocol where it answers a request
// of this type, from its first one to the last one given.
func (s *stage) answers(on spec.MessageType, last int, do peer.Action) {
	s.script.Rules = append(s.script.Rules, peer.Rule{On: on, From: 1, To: last, Do: do})
}

// interrupts makes the server answer to the second packet of every transfer.
func (s *stage) interrupts(do peer.Action) {
	s.script.Rules = append(s.script.Rules, peer.Rule{On: spec.TypeFile, From: 1, To: always, Packet: 2, Do: do})
}

// Last occurrences of a request that a rule is about.
const (
	once   = 1
	twice  = 2
	thrice = 3
	always = peer.Always
)

// scenario is one run of the client under test.
type scenario struct {
	name  string
	needs string // the last of the basics that a client has to pass; "" for none
	setup func(s *stage)
	after *scenario // whose me.info, priv.key and registration the run starts with

	easier *scenario // a client that has to be killed there is not run here; nil is fresh
	silent bool      // the client has nothing to do but to wait for its own patience to end
}

// behind makes a scenario one for clients that came to an end in an easier one.
func (s *scenario) behind(easier *scenario) *scenario {
	s.easier = easier
	return s
}

// scenarios are all there are, by name; like the catalogue, they are declared
// when the program starts and never change.
var scenarios = map[string]*scenario{}

// newScenario declares a scenario for clients that pass the basics up to the
// one that is needed; setup may be nil.
func newScenario(name, needs string, setup func(s *stage)) *scenario {
	s := &scenario{name: name, needs: needs, setup: setup}
	scenarios[name] = s
	return s
}

// then declares a scenario that runs the client again where another run ended.
func (s *scenario) then(name, needs string, setup func(s *stage)) *scenario {
	next := newScenario(name, needs, setup)
	next.after = s
	return next
}

// repeated declares a scenario for each of n runs of the same kind.
func repeated(n int, name, needs string, setup func(s *stage)) []*scenario {
	var all []*scenario
	for i := range n {
		all = append(all, newScenario(fmt.Sprintf("%s-%d", name, i+1), needs, setup))
	}
	return all
}

// labels is the decorator of a case that looks at several scenarios.
func labels(all []*scenario) ginkgo.Labels {
	var labels ginkgo.Labels
	for _, s := range all {
		labels = append(labels, s.label()...)
	}
	return labels
}

// label is the decorator of a case that looks at the scenario.
func (s *scenario) label() ginkgo.Labels { return conformance.Scenario(s.name) }

// contentOf returns a file of so many bytes, which cannot be taken for anything
// else: the same random ones every time.
func contentOf(size int) []byte {
	content := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{}).Read(content) // never fails
	return content
}

// play makes the run of a scenario.
func (e *env) play(ctx context.Context, s *scenario, before *run) *run {
	r := &run{stage: stage{
		edition: e.edition, name: e.newName(), path: "file.bin", content: contentOf(2500), files: map[string][]byte{},
	}}
	if before != nil {
		r.inherit(before)
	}
	if s.setup != nil {
		s.setup(&r.stage)
	}
	r.script.Record = e.records
	addr, end, err := e.serve(ctx, r)
	if err != nil {
		r.err = err
		return r
	}
	config := e.config
	config.Timeout = e.limit(s, len(r.content))
	r.Run, r.err = target.RunClient(ctx, config, func(dir string) error { return r.furnish(dir, addr) })
	seen, err := end()
	r.seen, r.err = seen, errors.Join(r.err, err)
	return r
}

// serve starts the server of a run, or goes on with that of the run before. It
// returns where the client finds it, and what ends it and returns what was seen.
func (e *env) serve(ctx context.Context, r *run) (addr string, end func() (*peer.Conversation, error), err error) {
	if !r.reference {
		server, err := peer.Listen(ctx, e.host, e.edition, r.script)
		if err != nil {
			return "", nil, err
		}
		return server.Addr(), func() (*peer.Conversation, error) { return server.Close(), nil }, nil
	}
	if r.server == nil {
		if r.server, err = interop.StartServer(ctx, e.edition); err != nil {
			return "", nil, err
		}
	}
	link, err := interop.NewLink(ctx, e.host, r.server.Addr(), e.edition, r.plan)
	if err != nil {
		return "", nil, err
	}
	return link.Addr(), link.Close, nil
}

// inherit starts a stage with what an earlier run left behind: the client's
// own files, in whatever form it keeps them, and its account.
func (r *run) inherit(before *run) {
	r.name, r.returning, r.server = before.name, true, before.server
	for _, name := range []string{meInfo, privKey} {
		if text, err := before.read(name); err == nil {
			r.files[name] = text
		}
	}
	r.script.Known = before.seen.Accounts
	r.known = slices.ContainsFunc(before.seen.Accounts, func(a peer.Account) bool { return a.Key != nil })
}

// Names that the protocol gives to a client's files (CFG-1, CFG-3, CFG-4).
const (
	transferInfo = "transfer.info"
	meInfo       = "me.info"
	privKey      = "priv.key"
)

// furnish lays out the folder in which the client will run. A file of the
// client's that the scenario does not have is removed: the user's own folder
// may have come with one.
func (r *run) furnish(dir, addr string) error {
	files := maps.Clone(r.files)
	path := filepath.Join(dir, r.path)
	right := state.TransferInfo{Addr: addr, Name: r.name, Path: r.path}
	if r.full {
		right.Path = path
	}
	if r.info == nil {
		files[transferInfo] = right.Format()
	} else if text := r.info(right); text != nil {
		files[transferInfo] = text
	}
	var faults []error
	if r.place == nil {
		files[r.path] = r.content
	} else {
		faults = append(faults, r.place(path))
	}
	for _, name := range []string{transferInfo, meInfo, privKey} {
		if _, ok := files[name]; !ok {
			faults = append(faults, os.RemoveAll(filepath.Join(dir, name)))
		}
	}
	for name, content := range files {
		path := filepath.Join(dir, name)
		faults = append(faults, os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, content, 0o600))
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("prepare the client's folder: %w", err)
	}
	return nil
}
