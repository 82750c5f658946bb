package clients

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
)

// taskRows are mistakes in how transfer.info is read.
var taskRows = []row{
	{
		id: "signed-port", clauses: "CFG-1", often: "for ports from 32768 on", about: "takes the port for a signed number of 16 bits",
		mutate: dialling(func(p *process, addr string) string {
			if host, port, err := net.SplitHostPort(addr); err == nil {
				if n, err := strconv.Atoi(port); err == nil && n >= 1<<15 {
					return net.JoinHostPort(host, "0")
				}
			}
			return addr
		}),
	},
	{
		id: "default-port", clauses: "CFG-1", often: always, about: "connects to the default port, whatever transfer.info says",
		mutate: dialling(func(p *process, addr string) string {
			host, _, _ := net.SplitHostPort(addr)
			return net.JoinHostPort(host, strconv.Itoa(int(p.edition.DefaultPort)))
		}),
	},
	{
		id: "first-word-of-name", clauses: "CFG-1 REG-1", often: "for names of several words", about: "takes the first word of line 2 for its name",
		mutate: changingTask(func(task *state.TransferInfo) { task.Name, _, _ = strings.Cut(task.Name, " ") }),
	},
	{
		id: "name-of-64", clauses: "CFG-1 REG-1", often: "for long names", about: "cuts its name to 64 characters",
		mutate: all(cuttingName(64), changingTask(func(task *state.TransferInfo) { task.Name = task.Name[:min(64, len(task.Name))] })),
	},
	{
		id: "name-cut-to-100", clauses: "CFG-1 REG-1", often: "for names of more than 100 characters", about: "cuts its name to 100 characters",
		mutate: cuttingName(100),
	},
	{
		id: "key-under-name-of-64", clauses: "CFG-1", often: "for long names", about: "sends its public key under the first 64 characters of its name",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.SetText(r.Text()[:min(64, len(r.Text()))]) }, spec.TypePublicKey),
	},
	{
		id: "crashes-on-long-name", clauses: "CFG-1 REG-1", often: "for names of more than 100 characters", about: "registers its name, and crashes",
		mutate: func(p *process) {
			if name := taskLines()[1]; len(name) > 100 {
				cuttingName(100)(p)
				onRequests(func(_ *conn, r *message.Message) { r.SetText(name) }, spec.TypeRegister)(p)
				onResponses(func(*conn, *message.Message) { p.die() }, spec.TypeRegistered)(p)
			}
		},
	},
	{
		id: "first-word-of-path", clauses: "CFG-1", often: "for paths with blanks", about: "takes the first word of line 3 for the path",
		mutate: changingTask(func(task *state.TransferInfo) { task.Path, _, _ = strings.Cut(task.Path, " ") }),
	},
	{
		id: "long-name-not-found", clauses: "CFG-1", often: "for paths of more than 100 characters",
		about: "cuts the path off when it opens the file, and sends zeros for what it cannot read",
		mutate: all(onTransfers(func(t *transfer) {
			if key := t.conn.aesKey(); key != nil && len(t.conn.process.task.Path) > 100 {
				t.carry(encrypt(key, make([]byte, len(t.plain()))), packetSize)
			}
		}), onResponses(func(c *conn, r *message.Message) {
			if len(c.process.task.Path) > 100 { // it sums up what it sends
				r.Put("cksum", uint64(c.received().Cksum))
			}
		}, spec.TypeFileReceived)),
	},
	{
		id: "status-1-for-long-name", clauses: "CFG-1", often: "for paths of more than 100 characters", about: "ends with exit status 1 although the file has arrived",
		mutate: failingIf(func(p *process) bool { return len(p.task.Path) > 100 }),
	},
	{
		id: "path-always-relative", clauses: "CFG-1", often: "for paths from the root on", about: "looks for the file below its folder",
		mutate: changingTask(func(task *state.TransferInfo) { task.Path = "./" + task.Path }),
	},
	{
		id: "silent-about-task", clauses: "CFG-5 FIL-22 CFG-1", often: "when it cannot do its task", about: "does not say why it ends",
		mutate: func(p *process) {
			ending(func(err error, text string, status int) (string, int) {
				if p.conns == 0 {
					return "", status
				}
				return text, status
			})(p)
		},
	},
	{
		id: "empty-for-unreadable", clauses: "CFG-5", often: "when the file cannot be read", about: "sends an empty file",
		mutate: beforehand(func(p *process) {
			if p.task != nil && p.content() == nil {
				p.substitute(nil)
			}
		}),
	},
	{
		id: "path-of-its-own", clauses: "CFG-5", often: "when transfer.info has but two lines", about: "sends transfer.info",
		mutate: beforehand(func(p *process) {
			if lines := taskLines(); p.task == nil && lines[1] != "" && strings.TrimSpace(lines[2]) == "" {
				p.setTask(state.TransferInfo{Addr: lines[0], Name: lines[1], Path: transferInfo})
			}
		}),
	},
	{
		id: "status-0-without-task", clauses: "CFG-8", often: "when it cannot do its task", about: "ends with exit status 0",
		mutate: func(p *process) {
			ending(func(err error, text string, status int) (string, int) {
				if p.conns == 0 {
					return text, 0
				}
				return text, status
			})(p)
		},
	},
	{
		id: "hangs-without-task", clauses: "CFG-8", often: "when there is no transfer.info", about: "asks for the task and waits",
		mutate: beforehand(func(p *process) {
			if readFile(transferInfo) == nil {
				fmt.Fprintln(p.stdout, "where is transfer.info?")
				hang()
			}
		}),
	},
	{
		id: "blanks-in-name", clauses: "CFG-11", often: "when line 2 of transfer.info ends with white space", about: "takes it for a part of its name",
		mutate: func(p *process) {
			raw := taskLines()[1]
			onRequests(func(_ *conn, r *message.Message) { r.SetText(raw) }, spec.TypeRegister, spec.TypePublicKey)(p)
		},
	},
}

// dialling has the client connect to another address.
func dialling(change func(p *process, addr string) string) mutation {
	return func(p *process) {
		dial := p.dial
		p.dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			return dial(ctx, network, change(p, addr))
		}
	}
}

// changingTask has the client read another task in a transfer.info that is right.
func changingTask(change func(task *state.TransferInfo)) mutation {
	return beforehand(func(p *process) {
		if p.task != nil {
			task := *p.task
			change(&task)
			p.setTask(task)
		}
	})
}

// cuttingName has the client cut a name that is longer than transfer.info may have.
func cuttingName(n int) mutation {
	return beforehand(func(p *process) {
		if lines := taskLines(); p.task == nil && len(lines[1]) > 100 {
			p.setTask(state.TransferInfo{Addr: lines[0], Name: lines[1][:n], Path: strings.TrimSpace(lines[2])})
		}
	})
}

// substitute has the reference send another content under the name of the file.
func (p *process) substitute(content []byte) {
	const folder = "substitute"
	if os.MkdirAll(folder, 0o700) != nil {
		return
	}
	task := *p.task
	task.Path = filepath.Join(folder, p.fileName())
	writeFile(task.Path, content)
	p.setTask(task)
}
