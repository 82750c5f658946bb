package servers

import (
	"strings"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// loginRows break logins.
var loginRows = []row{
	{
		id: "login-never-accepted", clauses: "LGN-2", often: always,
		about: "answers every login with 1606",
		mutate: onRequests(func(c *conn, r *request) {
			instead(c, r, &wire.LoginRefused{Client: r.Header.Client})
		}, spec.TypeLogin),
	},
	{
		id: "login-by-name", clauses: "LGN-3 ERR-5", often: always,
		about:  "accepts a login by its name, whatever the id",
		mutate: onRequests(func(c *conn, r *request) { idByName(c, r) }, spec.TypeLogin),
		varies: true, // the beginning of a name may be another name
	},
	{
		id: "login-by-id", clauses: "LGN-3", often: always,
		about: "accepts a login by its id, whatever the name",
		mutate: onRequests(func(c *conn, r *request) {
			if name := c.process.name(r.Header.Client); name != "" && r.whole() {
				r.setText(name)
			}
		}, spec.TypeLogin),
	},
	{
		id: "login-by-prefix", clauses: "LGN-3", often: "for the beginning of a name",
		about: "compares as much of a name as the login has",
		mutate: onRequests(func(c *conn, r *request) {
			if name := c.process.name(r.Header.Client); r.whole() && strings.HasPrefix(name, r.text()) {
				r.setText(name)
			}
		}, spec.TypeLogin),
	},
	{
		id: "login-makes-client", clauses: "LGN-3 ERR-5", often: "for an unknown id and name",
		about: "makes a client of whoever logs in",
		mutate: func(p *process) {
			own := ownPublicKey()
			onRequests(func(c *conn, r *request) {
				if r.whole() {
					c.process.exec("INSERT OR IGNORE INTO clients (id, name, public_key, last_seen) VALUES (?, ?, ?, '')", r.Header.Client[:], r.text(), own)
				}
			}, spec.TypeLogin)(p)
		},
	},
	{
		id: "refused-login-makes-client", clauses: "LGN-3 ERR-5", often: "for an unknown id and name",
		about: "refuses an unknown client that logs in, and keeps its id and name",
		mutate: onRequests(func(c *conn, r *request) {
			if r.whole() {
				c.process.exec("INSERT OR IGNORE INTO clients (id, name, last_seen) VALUES (?, ?, '')", r.Header.Client[:], r.text())
			}
		}, spec.TypeLogin),
	},
	{
		id: "failed-login-takes-key", clauses: "LGN-3 ERR-5", often: "when a login is refused",
		about: "forgets the AES key of a name's owner when a login with the name fails",
		mutate: onResponses(func(c *conn, r *response) {
			c.process.exec("UPDATE clients SET aes_key = NULL WHERE name = ?", r.Request.text())
		}, spec.TypeLoginRefused),
	},
	{
		id: "refused-login-echoes-nothing", clauses: "LGN-3 LGN-4", often: always,
		about:  "names an id of zeros in 1606",
		mutate: namesNobody(spec.TypeLoginRefused),
	},
	{
		id: "unknown-id-met-with-silence", clauses: "LGN-3", often: "for an unknown id",
		about: "says nothing to a login with an unknown id",
		mutate: onRequests(func(c *conn, r *request) {
			r.Skip = r.whole() && c.process.name(r.Header.Client) == ""
		}, spec.TypeLogin),
	},
	{
		id: "login-without-key", clauses: "LGN-4", often: "before a key was sent",
		about: "accepts the login of a client that never sent a public key",
		mutate: func(p *process) {
			own := ownPublicKey()
			onRequests(func(c *conn, r *request) {
				c.process.exec("UPDATE clients SET public_key = ? WHERE id = ? AND public_key IS NULL", own, r.Header.Client[:])
			}, spec.TypeLogin)(p)
		},
	},
	{
		id: "login-without-key-ends-it", clauses: "LGN-4", often: "before a key was sent",
		about: "ends at the login of a client that never sent a public key",
		mutate: onRequests(func(c *conn, r *request) {
			if c.process.name(r.Header.Client) != "" && c.process.publicKey(r.Header.Client) == nil {
				exit(c.process, "nil public key")
			}
		}, spec.TypeLogin),
	},
	{
		id: "old-key-after-login", clauses: "LGN-5", often: always,
		about: "goes on decrypting with the key before the login",
		mutate: all(
			onRequests(func(c *conn, r *request) { c.oldKey = c.process.aesKey(r.Header.Client) }, spec.TypeLogin),
			onResponses(func(c *conn, r *response) {
				if c.oldKey != nil {
					c.process.exec("UPDATE clients SET aes_key = ? WHERE id = ?", c.oldKey, r.Request.Header.Client[:])
				}
			}, spec.TypeLoginAccepted),
		),
		unrelated: 12, why: "after a login no file arrives, in whatever case",
	},
	{
		id: "old-key-too", clauses: "LGN-5", often: "for files under the key before the login",
		about:  "also takes files under the key before the last login",
		mutate: oldKeyToo,
	},
	{
		id: "old-key-restored", clauses: "LGN-5", often: "after a file that does not decrypt",
		about:  "goes back to the key before the login when a file does not decrypt",
		mutate: oldKeyRestored,
		alone:  "files do not decrypt in many cases, hardly ever after a login",
	},
	{
		id: "same-key-at-login", clauses: "LGN-6", often: always,
		about:  "hands out the key that the client has at every login",
		mutate: keepKey(spec.TypeLogin),
	},
	{
		id: "other-key-after-restart", clauses: "LGN-7 STO-4", often: "after a restart",
		about: "wraps under a key that is not the client's when it was started again",
		mutate: afterRestart(func(p *process) {
			p.exec("UPDATE clients SET public_key = ? WHERE public_key IS NOT NULL", ownPublicKey())
		}),
	},
	{
		id: "keys-lost-at-restart", clauses: "LGN-7 STO-4 STO-5", often: "after a restart",
		about: "forgets the public keys of its clients when it ends",
		mutate: afterRestart(func(p *process) {
			p.exec("UPDATE clients SET public_key = NULL")
		}),
	},
}

// keysBeforeLogin remembers the key that each client had before its last login. The
// process's lock guards it.
func keysBeforeLogin(p *process) map[wire.ID][]byte {
	old := map[wire.ID][]byte{}
	onRequests(func(c *conn, r *request) {
		key := c.process.aesKey(r.Header.Client)
		c.process.mu.Lock()
		defer c.process.mu.Unlock()
		if key != nil {
			old[r.Header.Client] = key
		}
	}, spec.TypeLogin)(p)
	return old
}

// oldKeyToo remembers the key before the last login, and tries it where the new one
// does not fit.
func oldKeyToo(p *process) {
	old := keysBeforeLogin(p)
	assembly{plain: func(p *pile) ([]byte, bool) {
		plain, ok := strictPlain(p)
		if !ok && old[p.client] != nil {
			other := *p
			other.key = old[p.client]
			plain, ok = strictPlain(&other)
		}
		return plain, ok
	}}.mutate(p)
}

// oldKeyRestored remembers the key before the last login, and puts it in the place of
// the new one when a file is refused.
func oldKeyRestored(p *process) {
	old := keysBeforeLogin(p)
	onResponses(func(c *conn, r *response) {
		c.process.mu.Lock()
		defer c.process.mu.Unlock()
		if key := old[r.Request.Header.Client]; key != nil && r.Request.Type == spec.TypeFile {
			c.process.exec("UPDATE clients SET aes_key = ? WHERE id = ?", key, r.Request.Header.Client[:])
		}
	}, spec.TypeError)(p)
}
