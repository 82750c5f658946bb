package servers

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/state"
	"github.com/xferspec/xferspec/spec/wire"
)

// stateRows break what a server reads when it starts, and keeps when it ends.
var stateRows = []row{
	{
		id: "first-port-kept", clauses: "STO-1", often: "after a restart",
		about:  "goes on listening on the port of its first start",
		mutate: firstPortKept,
		alone:  "a server that cannot be restarted leaves little to judge",
	},
	{
		id: "next-port-after-restart", clauses: "STO-1", often: "after a restart",
		about: "takes the port after the one in port.info when it starts again",
		mutate: func(p *process) {
			p.readPort = func() (uint16, error) {
				port, err := p.portInFile()
				if p.restarted {
					port++
				}
				return port, err
			}
		},
		alone: "a server that cannot be restarted leaves little to judge",
	},
	{
		id: "no-port-no-start", clauses: "STO-2", often: "without a valid port.info",
		about: "ends when there is no port in port.info",
		mutate: func(p *process) {
			p.readPort = func() (uint16, error) {
				text, err := os.ReadFile(portFile)
				if err != nil {
					return 0, err
				}
				return state.ParsePort(text)
			}
		},
	},
	{
		id: "other-default-port", clauses: "STO-2", often: "without a valid port.info",
		about: "takes port 1234 when there is none in port.info",
		mutate: func(p *process) {
			p.readPort = func() (uint16, error) {
				text, _ := os.ReadFile(portFile)
				if port, err := state.ParsePort(text); err == nil {
					return port, nil
				}
				return 1234, nil
			}
		},
	},
	{
		id: "names-hashed", clauses: "STO-3", often: always,
		about:  "keeps the SHA-256 of names in its database in place of the names",
		mutate: hashNames(named, []spec.MessageType{spec.TypeFile, spec.TypeCRCOK, spec.TypeCRCBad, spec.TypeCRCAbort}),
	},
	{
		id: "clients-lost-at-restart", clauses: "STO-4 LGN-7 STO-5", often: "after a restart",
		about: "knows none of its clients any more when it starts again",
		mutate: afterRestart(func(p *process) {
			p.exec("DELETE FROM files")
			p.exec("DELETE FROM clients")
		}),
	},
	{
		id: "files-lost-at-restart", clauses: "STO-4 STO-5", often: "after a restart",
		about:  "removes all files when it starts",
		mutate: afterRestart(func(*process) { removeFiles() }),
	},
	{
		id: "no-files-after-restart", clauses: "STO-4", often: "after a restart",
		about: "knows its clients when it starts again, and takes no files of theirs",
		mutate: func(p *process) {
			last := ""
			afterRestart(func(p *process) { last = string(p.query("SELECT max(rowid) FROM clients")) })(p)
			onRequests(func(c *conn, r *request) {
				if c.process.query("SELECT 1 FROM clients WHERE id = ? AND rowid <= CAST(? AS INTEGER)", r.Header.Client[:], last) != nil {
					refuse(c, r)
				}
			}, spec.TypeFile)(p)
		},
	},
	{
		id: "names-free-after-restart", clauses: "STO-4", often: "after a restart",
		about: "has forgotten which names are taken when it starts again",
		mutate: onResponses(func(c *conn, r *response) {
			if c.process.restarted {
				r.become(c.process.edition, &wire.Registered{Client: wire.ID(newKey(wire.IDSize))})
			}
		}, spec.TypeRegistrationRefused),
		unrelated: 8, why: "no taken name is refused after a restart, whatever the case is about",
	},
	{
		id: "lost-at-third-start", clauses: "STO-4 STO-5", often: "after several restarts",
		about:  "keeps its clients over two restarts, and forgets them at the third",
		mutate: lostAtThirdStart,
		alone:  "which restart is the third depends on the cases before",
	},
	{
		id: "written-at-the-end", clauses: "STO-5", often: "after a kill",
		about:  "writes its newest client to the disk only when it ends in order",
		mutate: writtenAtTheEnd,
	},
	{
		id: "ciphertext-stored", clauses: "STO-6", often: always,
		about: "stores files as they were encrypted",
		mutate: onResponses(func(c *conn, r *response) {
			e, err := seal.NewEncrypter(c.process.aesKey(r.Request.Header.Client))
			if err == nil {
				plain := stored(r.Request.Header.Client, r.Request.text())
				overwrite(path(r.Request.Header.Client, r.Request.text()), e.Finish(e.Append(nil, plain)))
			}
		}, spec.TypeFileReceived),
	},
	{
		id: "padding-stored", clauses: "STO-6", often: always,
		about: "stores files with their padding",
		mutate: onResponses(func(_ *conn, r *response) {
			plain := stored(r.Request.Header.Client, r.Request.text())
			n := 16 - len(plain)%16
			overwrite(path(r.Request.Header.Client, r.Request.text()), append(plain, bytes.Repeat([]byte{byte(n)}, n)...))
		}, spec.TypeFileReceived),
	},
	{
		id: "verified-file-removed", clauses: "STO-6", often: always,
		about: "removes a file when it was verified",
		mutate: onResponses(func(_ *conn, r *response) {
			if r.Request.Type == spec.TypeCRCOK {
				_ = os.Remove(path(r.Request.Header.Client, r.Request.text()))
			}
		}, spec.TypeThanks),
	},
	{
		id: "part-left", clauses: "STO-7", often: "after a transfer that broke off or does not decrypt",
		about: "begins a file under its name unless there is one already",
		mutate: onRequests(func(c *conn, r *request) {
			if r.uint("packet number") == 1 && strings.HasSuffix(r.text(), ".bin") && stored(r.Header.Client, r.text()) == nil {
				overwrite(path(r.Header.Client, filepath.Base(r.text())), []byte("the beginning"))
			}
		}, spec.TypeFile),
	},
	{
		id: "never-seen-again", clauses: "STO-8", often: always,
		about: "notes when it saw a client at its registration only",
		mutate: onResponses(func(c *conn, r *response) {
			c.process.exec("UPDATE clients SET last_seen = '2024-01-01T00:00:00.000Z'")
		}, spec.TypeRegistered, spec.TypeThanks),
	},
	{
		id: "one-folder", clauses: "STO-9", often: always,
		about: "keeps all files in one folder, with the id of the client in their names",
		mutate: moved(func(_ *conn, r *request) string {
			return filepath.Join("files", r.Header.Client.String()+"-"+r.text())
		}),
	},
}

// firstPortKept keeps the port in a file of its own.
func firstPortKept(p *process) {
	const kept = "first-port"
	p.readPort = func() (uint16, error) {
		if text, err := os.ReadFile(kept); err == nil {
			return state.ParsePort(text)
		}
		port, err := p.portInFile()
		return port, errors.Join(err, os.WriteFile(kept, state.FormatPort(port), 0o600))
	}
}

// hashNames keeps names away from the reference: it gets their hashes.
func hashNames(clients, files []spec.MessageType) mutation {
	hash := func(name string) string {
		sum := sha256.Sum256([]byte(name))
		return hex.EncodeToString(sum[:])
	}
	return all(
		onRequests(func(_ *conn, r *request) {
			if r.whole() && r.text() != "" && plainText(r.field("name")) {
				r.setText(hash(r.text()))
			}
		}, clients...),
		onRequests(func(c *conn, r *request) {
			if c.name = r.text(); r.whole() && plainText(r.field("file name")) && filepath.Base(c.name) == c.name && c.name != ".." && c.name != "." {
				r.setText(hash(c.name))
			}
		}, files...),
		onResponses(func(c *conn, r *response) { setTextIn(r.field("file name"), c.name) }, spec.TypeFileReceived),
	)
}

func removeFiles() {
	files, _ := filepath.Glob(filepath.Join("clients", "*", "files", "*"))
	for _, file := range files {
		_ = os.Remove(file)
	}
}

// lostAtThirdStart counts the starts in a file.
func lostAtThirdStart(p *process) {
	atStart(func(p *process) {
		starts, _ := os.ReadFile("starts")
		starts = append(starts, '.')
		_ = os.WriteFile("starts", starts, 0o600) //nolint:gosec // a name of our own
		if len(starts) > 3 {
			p.exec("DELETE FROM files")
			p.exec("DELETE FROM clients")
		}
	})(p)
}

// writtenAtTheEnd forgets the newest client if the last end was not in order.
func writtenAtTheEnd(p *process) {
	const inOrder = "ended-in-order"
	p.start = func() error {
		if p.restarted && os.Remove(inOrder) != nil {
			newest := p.query("SELECT id FROM clients ORDER BY rowid DESC LIMIT 1")
			p.exec("DELETE FROM files WHERE id = ?", newest)
			p.exec("DELETE FROM clients WHERE id = ?", newest)
			_ = os.RemoveAll(filepath.Join("clients", hex.EncodeToString(newest)))
		}
		return nil
	}
	p.end = func() { _ = os.WriteFile(inOrder, nil, 0o600) }
}
