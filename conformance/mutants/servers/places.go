package servers

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// placeRows break where files are kept.
var placeRows = []row{
	{
		id: "name-is-a-path", clauses: "FIL-19 FIL-20", often: "for names with .. or /",
		about:  "joins a file name to a folder, wherever it leads",
		mutate: namesLead,
	},
	{
		id: "silent-when-not-stored", clauses: "FIL-19", often: "for names that are no plain ones",
		about: "says nothing when a file cannot be created",
		mutate: onRequests(func(_ *conn, r *request) {
			r.Skip = r.whole() && !plainName(r.text())
		}, spec.TypeFile),
	},
	{
		id: "stuck-after-odd-name", clauses: "FIL-19", often: "after a name that is no plain one",
		about:  "takes no file of a client any more once one had a name that is no plain one",
		mutate: stuckAfter(func(name string) bool { return !plainName(name) }),
		alone:  "nobody else sends such names",
	},
	{
		id: "key-of-path-unanswered", clauses: "FIL-19", often: "for client names with .. or /",
		about:  "says nothing to the public key of a client whose name is a path",
		mutate: onRequests(func(_ *conn, r *request) { r.Skip = isPath(r.text()) }, spec.TypePublicKey),
		alone:  "nobody else has such a name",
	},
	{
		id: "verdict-of-path-unanswered", clauses: "FIL-19", often: "for client names with .. or /",
		about:  "says nothing to 1029 of a client whose name is a path",
		mutate: onRequests(func(c *conn, r *request) { r.Skip = isPath(c.process.name(r.Header.Client)) }, spec.TypeCRCOK),
		alone:  "nobody else has such a name",
	},
	{
		id: "client-name-is-a-path", clauses: "FIL-19", often: "for client names with .. or /",
		about: "keeps the files of a client in a folder of its name, wherever that leads",
		mutate: moved(func(c *conn, r *request) string {
			name := c.process.name(r.Header.Client)
			if !filepath.IsAbs(name) {
				name = filepath.Join("clients", name)
			}
			return filepath.Join(name, r.text())
		}),
	},
	{
		id: "files-by-name", clauses: "FIL-20 STO-9", often: "for files of one name",
		about:  "keeps the files of all clients in one folder",
		mutate: moved(func(_ *conn, r *request) string { return filepath.Join("files", filepath.Base(r.text())) }),
	},
	{
		id: "second-file-of-name-lost", clauses: "FIL-20", often: "for the second client with a file of a name",
		about: "keeps the file of the first client that sends one under a name, and drops that of the second",
		mutate: onResponses(func(_ *conn, r *response) {
			found, _ := filepath.Glob(filepath.Join("clients", "*", "files", r.Request.text()))
			if own := path(r.Request.Header.Client, r.Request.text()); len(found) > 1 {
				_ = os.Remove(own)
			}
		}, spec.TypeFileReceived),
	},
	{
		id: "abort-removes-any", clauses: "FIL-20 CRC-2", often: "when another client sends 1031",
		about: "removes every file of the name when somebody gives one up",
		mutate: onRequests(func(c *conn, r *request) {
			found, _ := filepath.Glob(filepath.Join("clients", "*", "files", r.text()))
			for _, file := range found {
				_ = os.Remove(file)
			}
			c.process.exec("DELETE FROM files WHERE file_name = ?", r.text())
		}, spec.TypeCRCAbort),
	},
	{
		id: "old-file-kept", clauses: "FIL-21", often: "for the second file of a name",
		about: "keeps the first file that a client sends under a name",
		mutate: all(
			onRequests(func(c *conn, r *request) {
				if r.uint("packet number") == 1 {
					c.oldFile = stored(r.Header.Client, r.text())
				}
			}, spec.TypeFile),
			onResponses(func(c *conn, r *response) {
				if c.oldFile != nil {
					overwrite(path(r.Request.Header.Client, r.Request.text()), c.oldFile)
				}
			}, spec.TypeFileReceived),
		),
	},
	{
		id: "written-in-place", clauses: "FIL-21 ERR-5 STO-7", often: "while a file is incomplete",
		about: "writes a file under its name as its packets come",
		mutate: onRequests(func(c *conn, r *request) {
			if !r.whole() || r.uint("packet number") != 1 || c.process.aesKey(r.Header.Client) == nil || strings.ContainsAny(r.text(), `/\`) || strings.Trim(r.text(), ".") == "" {
				return
			}
			overwrite(path(r.Header.Client, r.text()), []byte("the beginning"))
		}, spec.TypeFile),
	},
	{
		id: "packet-limit", clauses: "FIL-23", often: "for packets of more than 16 MiB",
		about: "refuses a packet of more than 16 MiB",
		mutate: onRequests(func(c *conn, r *request) {
			if r.whole() && r.Header.Size > 16<<20 && r.Header.Size < 1<<31 {
				refuse(c, r)
			}
		}, spec.TypeFile),
	},
	{
		id: "empty-packet-refused", clauses: "FIL-25", often: "for a last packet without content",
		about: "refuses a packet without content",
		mutate: onRequests(func(c *conn, r *request) {
			if r.whole() && r.Header.Size == uint32(len(r.Head)-wire.RequestHeaderSize) {
				refuse(c, r)
			}
		}, spec.TypeFile),
	},
	{
		id: "damage-closes", clauses: "FIL-26", often: "for wrong sizes and padding",
		about: "closes the connection when a file does not decrypt",
		mutate: onResponses(func(c *conn, r *response) {
			if r.Request.Type == spec.TypeFile && r.Request.uint("packet number") == r.Request.uint("total packets") {
				r.Bytes = nil
				hangUp(c)
			}
		}, spec.TypeError),
	},
	{
		id: "disorder-closes", clauses: "FIL-27", often: "for packets out of order",
		about: "closes the connection when a packet is not the next one",
		mutate: onResponses(func(c *conn, r *response) {
			if r.Request.Type == spec.TypeFile && r.Request.uint("packet number") != r.Request.uint("total packets") {
				r.Bytes = nil
				hangUp(c)
			}
		}, spec.TypeError),
	},
}

// isPath says whether a name has separators of a path.
func isPath(name string) bool { return strings.ContainsAny(name, `/\`) }

// plainName says whether a name is that of a file on every system.
func plainName(name string) bool {
	return !isPath(name) && !slices.Contains([]string{"", ".", "..", "CON"}, name)
}

// stuckAfter refuses all files of a client after one whose name is so.
func stuckAfter(odd func(name string) bool) mutation {
	return func(p *process) {
		stuck := map[wire.ID]bool{}
		onRequests(func(c *conn, r *request) {
			c.process.mu.Lock()
			defer c.process.mu.Unlock()
			if stuck[r.Header.Client] {
				refuse(c, r)
			}
			stuck[r.Header.Client] = stuck[r.Header.Client] || r.whole() && odd(r.text())
		}, spec.TypeFile)(p)
	}
}

// moved keeps a file that has arrived elsewhere.
func moved(to func(c *conn, r *request) string) mutation {
	return onResponses(func(c *conn, r *response) {
		from := path(r.Request.Header.Client, r.Request.text())
		plain := stored(r.Request.Header.Client, r.Request.text())
		overwrite(to(c, r.Request), plain)
		_ = os.Remove(from)
	}, spec.TypeFileReceived)
}

// namesLead gives the reference a plain name for one that is none, and puts the
// file where the name leads.
func namesLead(p *process) {
	flat := func(name string) string { return strings.NewReplacer("/", "_", `\`, "_").Replace(name) + "_" }
	leads := func(name string) bool { return isPath(name) && len(name) < wire.MaxText }
	onRequests(func(c *conn, r *request) {
		c.name = r.text()
		if leads(c.name) {
			r.setText(flat(c.name))
		}
	}, spec.TypeFile, spec.TypeCRCOK)(p)
	onResponses(func(c *conn, r *response) {
		if !leads(c.name) {
			return
		}
		name := strings.ReplaceAll(c.name, `\`, "/")
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(path(r.Request.Header.Client, "x")), name)
		}
		_ = os.WriteFile(name, stored(r.Request.Header.Client, flat(c.name)), 0o600)
		setTextIn(r.field("file name"), c.name)
	}, spec.TypeFileReceived)(p)
}
