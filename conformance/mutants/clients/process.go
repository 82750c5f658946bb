package clients

import (
	"context"
	"crypto/rsa"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/xferspec/xferspec/conformance/mutants"
	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/state"
)

// process is one run of the client as a program, and where a row hooks itself in.
// All hooks may be nil.
type process struct {
	edition   *spec.Edition
	timeout   time.Duration // of the reference
	stdout    io.Writer
	stderr    io.Writer
	task      *state.TransferInfo // nil if transfer.info is missing or malformed
	returning bool                // there was a me.info when the process began

	before     []func()                                  // run before the reference, may change files
	dial       dialer                                    // makes the connections
	transport  func(net.Conn) net.Conn                   // wraps a connection below the frames
	connect    []func(c *conn)                           // run for every new connection
	registered []func()                                  // run when the reference has written a new me.info and ended
	after      []func(err error)                         // run when the reference has ended
	verdict    func(err error) (text string, status int) // what the user is told, and the exit status

	conns    int    // made so far
	longName string // of a file that is sent under a shorter one
}

// mutation makes a row's client out of the reference.
type mutation func(p *process)

type dialer func(ctx context.Context, network, addr string) (net.Conn, error)

// patience is how long the reference waits for an answer in a mutant: longer than a
// loaded machine takes for one, and short enough for the many runs in which there is
// none.
const patience = 2 * time.Second

// program makes a whole program of a mutation. The reference is as patient as given.
func program(mutate mutation, patience time.Duration) mutants.Program {
	return func(ctx context.Context, args []string, stdout, stderr io.Writer) int {
		if len(args) > 0 {
			fmt.Fprintf(stderr, "unexpected argument %q\n", args[0])
			return client.ExitUsage
		}
		edition, err := spec.LookupEdition(spec.DefaultEdition)
		if err != nil {
			fmt.Fprintln(stderr, err)
			return client.ExitFailed
		}
		p := &process{
			edition: edition, timeout: patience, stdout: stdout, stderr: stderr, verdict: verdict,
			dial: (&net.Dialer{Timeout: patience}).DialContext,
		}
		if task, err := state.ParseTransferInfo(readFile(transferInfo)); err == nil {
			p.task = &task
		}
		p.returning = readFile(meInfo) != nil
		mutate(p)
		return p.run(ctx)
	}
}

// run runs the reference client once.
func (p *process) run(ctx context.Context) int {
	for _, hook := range p.before {
		hook()
	}
	identity := string(readFile(meInfo))
	err := client.Run(ctx, client.Config{Edition: p.edition, Out: p.stdout, Timeout: p.timeout, Dial: p.open})
	if string(readFile(meInfo)) != identity {
		for _, hook := range p.registered {
			hook()
		}
	}
	for _, hook := range p.after {
		hook(err)
	}
	text, status := p.verdict(err)
	fmt.Fprint(p.stderr, text)
	return status
}

// verdict is what the reference's own program says in the end.
func verdict(err error) (string, int) {
	if err == nil {
		return "", client.ExitOK
	}
	return fmt.Sprintf("fatal: %v\n", err), client.ExitFailed
}

// open makes a connection that the hooks see.
func (p *process) open(ctx context.Context, network, addr string) (net.Conn, error) {
	raw, err := p.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	if p.transport != nil {
		raw = p.transport(raw)
	}
	p.conns++
	c := &conn{Conn: raw, process: p}
	c.deliver = raw.Write
	for _, hook := range p.connect {
		hook(c)
	}
	return c, nil
}

// die ends the process by a signal, as a crash does.
func (p *process) die() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	hang()
}

// hang does nothing any more.
func hang() { select {} }

// quit ends the process in the middle of a conversation.
func (p *process) quit(status int, text string) {
	fmt.Fprintln(p.stderr, text)
	os.Exit(status)
}

// Names of the files in the working directory.
const (
	transferInfo = "transfer.info"
	meInfo       = "me.info"
	privKey      = "priv.key"
)

// readFile returns the content of a file, nil if there is none.
func readFile(name string) []byte {
	content, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	return content
}

// writeFile replaces a file.
func writeFile(name string, content []byte) { _ = os.WriteFile(name, content, 0o600) }

// setTask changes transfer.info.
func (p *process) setTask(task state.TransferInfo) {
	p.task = &task
	writeFile(transferInfo, task.Format())
}

// identity returns who the client is by its me.info and priv.key; the zero MeInfo if
// it is nobody yet.
func (p *process) identity() state.MeInfo {
	me, err := state.ParseMeInfo(readFile(meInfo))
	if err != nil {
		return state.MeInfo{}
	}
	if me.PrivateKey == nil {
		me.PrivateKey, _ = state.ParsePrivateKeyFile(readFile(privKey))
	}
	return me
}

// privateKey returns the client's private key, nil if it has none.
func (p *process) privateKey() *rsa.PrivateKey {
	key, err := seal.ParsePrivateKey(p.identity().PrivateKey)
	if err != nil {
		return nil
	}
	return key
}

// content returns the file to send, nil if it cannot be read.
func (p *process) content() []byte {
	if p.task == nil {
		return nil
	}
	return readFile(p.task.Path)
}

// newKey makes an RSA key pair.
func newKey() *rsa.PrivateKey {
	key, err := seal.GenerateKey()
	if err != nil {
		panic("clients: " + err.Error())
	}
	return key
}

// wait lets some time pass, as a slow or distant client does.
func wait(d time.Duration) { <-time.After(d) }
