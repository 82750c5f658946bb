package client

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	rand2 "math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
	"github.com/xferspec/xferspec/spec/wire"
)

// runTime is how long a run may take: enough for a client that waits patiently
// between its attempts.
const runTime = 30 * time.Second

// Subject is a client under test. It implements fuzz.Subject.
type Subject struct {
	ed     *spec.Edition
	config target.ClientConfig
	host   string // on which the harness listens
	prefix string
	runs   int
	model  *run // one in which all went well; nil before the first
}

// Open prepares the runs. The errors are those of target.ClientConfig.ListenHost.
// TimeScale stretches every time limit; 1 is normal.
func Open(ctx context.Context, ed *spec.Edition, cfg target.ClientConfig, timeScale float64) (*Subject, error) {
	host, err := cfg.ListenHost(ctx)
	if err != nil {
		return nil, err
	}
	var prefix [4]byte
	_, _ = rand.Read(prefix[:]) // never fails
	cfg.Timeout = time.Duration(timeScale * float64(runTime))
	return &Subject{ed: ed, config: cfg, host: host, prefix: hex.EncodeToString(prefix[:])}, nil
}

// Close removes what the runs have left.
func (s *Subject) Close() error {
	if s.model != nil {
		return s.model.Close()
	}
	return nil
}

// Draw draws a plan.
func (s *Subject) Draw(r *rand2.Rand) Plan { return draw(r, s.ed) }

// Renew does nothing: every run begins in a fresh folder.
func (s *Subject) Renew(context.Context) error { return nil }

// The client's files.
const (
	transferInfo = "transfer.info"
	meInfo       = "me.info"
	privKey      = "priv.key"
	sentFile     = "file.bin"
)

// longestState is what a client may write into a file about itself, in bytes.
const longestState = 1 << 20

// run is what was seen of one run of the client.
type run struct {
	*target.Run
	plan    Plan
	name    string
	content []byte
	known   bool // it began with the me.info of an earlier run
	seen    *peer.Conversation
	said    []said
}

// Play runs the client once. Before the first run it is run without any rule: what
// it prints then is what success looks like, and what it leaves behind is what a
// returning client begins with.
func (s *Subject) Play(ctx context.Context, p Plan, _ bool) (*fuzz.Result, error) {
	if s.model == nil {
		r, err := s.run(ctx, Plan{Size: 2500})
		if err != nil {
			return nil, err
		}
		if result := s.judge(r); result.Finding != nil {
			return result, r.Close()
		}
		s.model = r
	}
	r, err := s.run(ctx, p)
	if err != nil {
		return nil, err
	}
	return s.judge(r), r.Close()
}

func (s *Subject) run(ctx context.Context, p Plan) (*run, error) {
	s.runs++
	r := &run{plan: p, name: fmt.Sprintf("Fuzz %s %d", s.prefix, s.runs), content: make([]byte, p.Size)}
	_, _ = rand2.NewChaCha8([32]byte{byte(s.runs), byte(s.runs >> 8)}).Read(r.content) // never fails
	files := map[string][]byte{sentFile: r.content}
	answers := &script{plan: p, count: map[spec.MessageType]int{}}
	talk := peer.Script{Rules: answers.rules(), Record: true}
	if p.Who != "" && s.model != nil {
		for _, name := range []string{meInfo, privKey} {
			if b, err := target.ReadFile(s.model.Dir, name, longestState); err == nil {
				files[name] = b
			}
		}
		r.known = files[meInfo] != nil
		if r.name = s.model.name; p.Who == returning {
			talk.Known = s.model.seen.Accounts
		}
	}
	server, err := peer.Listen(ctx, s.host, s.ed, talk)
	if err != nil {
		return nil, err
	}
	files[transferInfo] = state.TransferInfo{Addr: server.Addr(), Name: r.name, Path: sentFile}.Format()
	r.Run, err = target.RunClient(ctx, s.config, func(dir string) error { return furnish(dir, files) })
	r.seen = server.Close()
	r.said = answers.said
	return r, err
}

// furnish lays out the folder in which the client will run.
func furnish(dir string, files map[string][]byte) error {
	var faults []error
	for _, name := range []string{meInfo, privKey} {
		faults = append(faults, os.RemoveAll(filepath.Join(dir, name)))
	}
	for name, content := range maps.All(files) {
		faults = append(faults, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	return errors.Join(faults...)
}

// variable is what differs between two runs that print the same.
var variable = regexp.MustCompile(`[0-9A-Fa-f]*\d[0-9A-Fa-f]*`)

// claim is what a client tells its caller about how a run went.
func (r *run) claim() string {
	return fmt.Sprintf("%s(exit status %d)", variable.ReplaceAllString(r.Output, "#"), r.ExitCode)
}

// registered returns the id that the last 1600 gave; ok is false if there was none.
func (r *run) registered() (id wire.ID, ok bool) {
	for _, s := range r.said {
		if m, is := s.message.(*wire.Registered); is && s.sense == granted {
			id, ok = m.Client, true
		}
	}
	return id, ok
}

// story tells the run, a line for each answered request.
func (r *run) story() []string {
	lines := strings.Split(r.seen.String(), "\n")
	end := fmt.Sprintf("the client ends with exit status %d", r.ExitCode)
	switch {
	case r.TimedOut:
		end = "the client does not end and is killed"
	case r.Signal != "":
		end = "the client is ended by a signal: " + r.Signal
	}
	return append(lines, end)
}
