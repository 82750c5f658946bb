package interop

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/internal/storage"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/confine"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
)

// Cell is one client that is to bring one file to one server.
type Cell struct {
	Edition  string                `json:"edition"`
	Server   config.Implementation `json:"server"`
	Client   config.Implementation `json:"client"`
	Size     int                   `json:"size"` // of the file, in bytes
	PlanName string                `json:"planName"`
	Plan     string                `json:"plan"`    // its text; "" if nothing happens on the way
	Limit    time.Duration         `json:"limit"`   // for all of it
	Capture  string                `json:"capture"` // file to write the conversation to; "" for none

	ServerBox *confine.Box `json:"serverBox,omitempty"` // nil for no box
	ClientBox *confine.Box `json:"clientBox,omitempty"`
}

// cellFile is the name of the file that is sent.
const cellFile = "matrix.bin"

// answerTime is how long a server may take to answer the first registration.
const answerTime = 5 * time.Second

// Cells returns the cells of a matrix file in the order of report.Matrix. The
// conversations are to be written into a folder; "" for none.
func Cells(m *config.Matrix, captures string) []Cell {
	editions := m.Editions
	if len(editions) == 0 {
		editions = []string{spec.DefaultEdition}
	}
	var cells []Cell
	for _, edition := range editions {
		for _, plan := range m.Plans {
			for _, server := range m.Servers {
				for _, client := range m.Clients {
					for _, size := range m.Files {
						c := Cell{
							Edition: edition, Server: server.In(edition), Client: client.In(edition), Size: int(size),
							PlanName: plan.Name, Plan: plan.Text, Limit: m.Limit(),
						}
						if captures != "" {
							c.Capture = filepath.Join(captures, fmt.Sprintf("%03d-%s-%s-%d.xftrace", len(cells)+1, server.Name, client.Name, size))
						}
						cells = append(cells, c)
					}
				}
			}
		}
	}
	return cells
}

// Outcome returns the cell in the form of the report.
func (c Cell) Outcome(status report.Status, reason string) report.Cell {
	return report.Cell{
		Edition: c.Edition, Server: c.Server.Name, Client: c.Client.Name, Size: c.Size, Plan: c.PlanName,
		Status: status, Reason: reason,
	}
}

// Run lets the client bring the file. Only what this machine lacks, or what the
// matrix file has wrong, leaves a cell not run: a server that answers nothing
// and a client that sends nothing have failed.
func (c Cell) Run(ctx context.Context) report.Cell {
	began := time.Now()
	limited, cancel := context.WithTimeout(ctx, c.Limit)
	defer cancel()
	capture, err := c.meet(limited)
	out := c.Outcome(report.Passed, "")
	switch {
	case err == nil:
	case ctx.Err() != nil:
		out = c.Outcome(report.NotRun, "interrupted")
	case lacking(err):
		out = c.Outcome(report.NotRun, err.Error())
	case limited.Err() != nil:
		out = c.Outcome(report.Failed, fmt.Sprintf("it took longer than %s: %v", c.Limit, err))
	default:
		out = c.Outcome(report.Failed, err.Error())
	}
	out.Capture, out.DurationMs = capture, time.Since(began).Milliseconds()
	return out
}

// lacking says whether an error is about the machine or the matrix file.
func lacking(err error) bool {
	_, unusable := errors.AsType[*target.ConfigError](err)
	_, noEngine := errors.AsType[*target.EngineError](err)
	_, noEdition := errors.AsType[*setupError](err)
	return unusable || noEngine || noEdition
}

// setupError is a fault of the matrix, not of an implementation.
type setupError struct{ err error }

func (e *setupError) Error() string { return e.err.Error() }
func (e *setupError) Unwrap() error { return e.err }

// meet starts the server and lets the client bring its file through the proxy.
// It returns the file with the conversation, if there is one.
func (c Cell) meet(ctx context.Context) (capture string, err error) {
	ed, err := spec.LookupEdition(c.Edition)
	if err != nil {
		return "", &setupError{err}
	}
	server, err := target.OpenServer(ctx, target.ServerConfig{
		Edition: ed, Image: c.Server.Image, Build: c.Server.Build, Dir: c.Server.Dir, Command: c.Server.Run, Ready: answers(ed), Box: c.ServerBox,
	})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	if err := server.Start(ctx); err != nil {
		return "", err
	}
	cfg := target.ClientConfig{Image: c.Client.Image, Build: c.Client.Build, Dir: c.Client.Dir, Command: c.Client.Run, Timeout: c.Limit, Box: c.ClientBox}
	host, err := cfg.ListenHost(ctx)
	if err != nil {
		return "", err
	}
	link, err := NewLink(ctx, host, server.Addr(), ed, c.Plan)
	if err != nil {
		return "", &setupError{err}
	}
	content := c.content()
	run, err := target.RunClient(ctx, cfg, func(dir string) error { return furnish(dir, link.Addr(), content) })
	_, linkErr := link.Close()
	capture, captureErr := c.keep(link)
	if err := errors.Join(err, linkErr, captureErr); err != nil {
		return capture, err
	}
	defer func() { err = errors.Join(err, run.Close()) }()
	return capture, c.judge(ctx, server, run, link.Story(), content)
}

// answers returns a Ready that wants an answer to a registration, whatever it is.
func answers(ed *spec.Edition) target.Ready {
	return func(ctx context.Context, addr string) error {
		c, err := peer.Dial(ctx, addr, peer.Options{Edition: ed, Timeout: answerTime})
		if err != nil {
			return err
		}
		defer c.Close()
		if r := c.Register("matrix"); r.Outcome != peer.Answered {
			return fmt.Errorf("connected, but the answer to a registration was %s", r.What())
		}
		return nil
	}
}

// content returns the file: random bytes, the same ones every time.
func (c Cell) content() []byte {
	content := make([]byte, c.Size)
	_, _ = rand.NewChaCha8([32]byte{byte(c.Size)}).Read(content) // never fails
	return content
}

// judge says why the file has not arrived, or the client has not reported it as
// it should; nil if all is well.
func (c Cell) judge(ctx context.Context, server target.Server, run *target.Run, passed Story, content []byte) error {
	story := fmt.Sprintf("requests and answers:\n%s\nthe client's last output:\n%s", indent(passed.String()), indent(lastLines(run.Output, 8)))
	if state, ended := server.Exited(); ended {
		return fmt.Errorf("the server ended: %s\nits last output:\n%s\n%s", state, lastLines(server.Output(), 8), story)
	}
	switch {
	case run.TimedOut:
		return fmt.Errorf("the client did not end within %s\n%s", c.Limit, story)
	case run.Signal != "":
		return fmt.Errorf("the client died by a signal, %s\n%s", run.Signal, story)
	case run.ExitCode != 0:
		return fmt.Errorf("the client ended with exit status %d\n%s", run.ExitCode, story)
	case !passed.Thanked():
		return fmt.Errorf("the client ended with exit status 0, but it did not send 1029 or was not thanked for it\n%s", story)
	}
	if c.Plan != "" && !passed.Changed() {
		return &setupError{fmt.Errorf("the fault plan %q touched nothing that passed", c.PlanName)}
	}
	folder, err := server.Files(ctx, server.Dir())
	if err != nil {
		return err
	}
	// An empty file is known by nothing: that its checksum agreed has to do.
	if len(content) > 0 && len(storage.Find(folder, content)) == 0 {
		return fmt.Errorf("the checksums agreed, but no file in the server's folder has the content that was sent\n%s", story)
	}
	return nil
}

// furnish lays out the folder of a client that nobody knows.
func furnish(dir, addr string, content []byte) error {
	info := state.TransferInfo{Addr: addr, Name: "Matrix Client", Path: cellFile}
	return errors.Join(
		os.RemoveAll(filepath.Join(dir, "me.info")), os.RemoveAll(filepath.Join(dir, "priv.key")),
		os.WriteFile(filepath.Join(dir, "transfer.info"), info.Format(), 0o600),
		os.WriteFile(filepath.Join(dir, cellFile), content, 0o600),
	)
}

// keep writes the conversation down.
func (c Cell) keep(link *Link) (string, error) {
	if c.Capture == "" || len(link.seen) == 0 {
		return "", nil
	}
	// The last connection is the one that decides.
	if _, err := trace.WriteFiles(c.Capture, link.seen[len(link.seen)-1:]); err != nil {
		return "", &setupError{err}
	}
	return c.Capture, nil
}

func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
