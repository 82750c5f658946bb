package clients

import (
	"bytes"
	"crypto/rsa"
	"os"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/state"
	"github.com/xferspec/xferspec/spec/wire"
)

var loginRows = []row{
	{
		id: "always-registers", clauses: "CFG-2", often: returning, about: "registers again in spite of its me.info",
		mutate: beforehand(func(*process) { _ = os.Remove(meInfo) }),
	},
	{
		id: "login-with-name-of-task", clauses: "CFG-2", often: "when transfer.info has another name than me.info",
		about:  "logs in with the name in transfer.info",
		mutate: onRequests(func(c *conn, r *message.Message) { r.SetText(c.process.task.Name) }, spec.TypeLogin),
	},
	{
		id: "login-without-id", clauses: "LGN-1 CFG-2", often: returning, about: "leaves its id out of the header of 1027",
		mutate: all(onRequests(func(_ *conn, r *message.Message) { clear(r.Field("client id")) }, spec.TypeLogin), ownID),
	},
	{
		id: "login-in-small-letters", clauses: "LGN-1 CFG-2", often: returning, about: "logs in with its name in small letters",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.SetText(strings.ToLower(r.Text())) }, spec.TypeLogin),
	},
	{
		id: "registers-after-login", clauses: "CFG-2", often: returning, about: "registers its name too when it has logged in",
		mutate: onResponses(func(c *conn, _ *message.Message) { c.ask(&wire.Register{Name: c.process.task.Name}) }, spec.TypeLoginAccepted),
	},
	{
		id: "key-after-login", clauses: "LGN-8", often: returning, about: "sends its public key after 1605, and takes the AES key from 1602",
		mutate: onResponses(sendKeyAgain, spec.TypeLoginAccepted),
	},
	{
		id: "key-of-no-login", clauses: "LGN-8", often: returning, about: "encrypts the file with another key than that in 1605",
		unrelated: 6, why: "no file of a client that comes back can be read, whatever the case is about",
		mutate: whenReturning(onTransfers(func(t *transfer) {
			if key := t.conn.aesKey(); key != nil {
				plain := t.plain()
				slices.Reverse(key)
				t.carry(encrypt(key, plain), packetSize)
			}
		})),
	},
	{
		id: "ends-at-1606", clauses: "LGN-9", often: "when its login is refused", about: "ends",
		mutate: onResponses(func(c *conn, _ *message.Message) { c.process.quit(1, "fatal: login refused") }, spec.TypeLoginRefused),
	},
	{
		id: "registers-old-name", clauses: "LGN-9", often: "when its login is refused", about: "registers the name in me.info, not that in transfer.info",
		mutate: whenReturning(oldName),
	},
	{
		id: "confirms-under-id-of-1606", clauses: "LGN-9", often: "when its login is refused", about: "puts the id in 1606 into the header of 1029",
		mutate: all(confirmUnderOldID, ownID),
	},
	{
		id: "keeps-key-after-1606", clauses: "LGN-9", often: "when its login is refused", about: "registers anew with its old key pair",
		mutate: whenReturning(keepKey),
	},
	{
		id: "old-key-for-1602-after-1606", clauses: "LGN-9", often: "when its login is refused", about: "unwraps the AES key of its new registration with its old private key",
		mutate: whenReturning(onResponses(func(_ *conn, r *message.Message) { clear(r.Field("wrapped key")) }, spec.TypeKeyAccepted)),
	},
	{
		id: "keeps-me-info-after-1606", clauses: "LGN-9", often: "when its login is refused", about: "registers anew and keeps its old me.info",
		mutate: whenReturning(func(p *process) {
			old := readFile(meInfo)
			p.registered = append(p.registered, func() { writeFile(meInfo, old) })
		}),
	},
	{
		id: "old-id-in-me-info-after-1606", clauses: "LGN-9", often: "when its login is refused", about: "writes its old id into the new me.info",
		mutate: whenReturning(func(p *process) {
			old := p.identity()
			onMeInfo(func(me state.MeInfo) []byte {
				me.Client = old.Client
				return me.Format()
			})(p)
		}),
	},
	{
		id: "old-key-in-me-info-after-1606", clauses: "LGN-9", often: "when its login is refused", about: "writes its old private key into the new me.info",
		mutate: whenReturning(func(p *process) {
			old := p.identity()
			onMeInfo(func(me state.MeInfo) []byte {
				me.PrivateKey = old.PrivateKey
				return me.Format()
			})(p)
		}),
	},
	{
		id: "appends-me-info-after-1606", clauses: "LGN-9", often: "when its login is refused", about: "leaves its old me.info as it is and writes the new one behind it, where it finds it again",
		mutate: whenReturning(appendMeInfo),
	},
}

// appendMeInfo keeps all identities in me.info, with an empty line between them, and
// the last of them where the reference looks.
func appendMeInfo(p *process) {
	all := readFile(meInfo)
	last := all
	if i := bytes.LastIndex(all, []byte("\n\n")); i >= 0 {
		last = all[i+2:]
	}
	beforehand(func(*process) { writeFile(meInfo, last) })(p)
	afterwards(func(*process, error) {
		if now := readFile(meInfo); !bytes.Equal(now, last) {
			all = slices.Concat(all, []byte("\n\n"), now)
		}
		writeFile(meInfo, all)
	})(p)
}

// sendKeyAgain exchanges keys between a login and its answer.
func sendKeyAgain(c *conn, r *message.Message) {
	me := c.process.identity()
	public, err := seal.MarshalPublicKey(&c.process.privateKey().PublicKey)
	if err != nil {
		return
	}
	if answer := c.ask(&wire.PublicKey{Name: me.Name, Key: public}); answer != nil && answer.Is(spec.TypeKeyAccepted) {
		copy(r.Field("wrapped key"), answer.Field("wrapped key"))
	}
}

func oldName(p *process) {
	old := p.identity().Name
	onRequests(func(_ *conn, r *message.Message) { r.SetText(old) }, spec.TypeRegister, spec.TypePublicKey)(p)
}

func confirmUnderOldID(p *process) {
	old, refused := p.identity().Client, false
	onResponses(func(*conn, *message.Message) { refused = true }, spec.TypeLoginRefused)(p)
	onRequests(func(_ *conn, r *message.Message) {
		if refused {
			copy(r.Field("client id"), old[:])
		}
	}, spec.TypeCRCOK)(p)
}

// keepKey stands between the reference, which has a new key pair, and the server,
// which gets the old one.
func keepKey(p *process) {
	old := p.privateKey()
	if old == nil {
		return
	}
	onPublicKeys(func(*rsa.PublicKey) ([]byte, error) { return seal.MarshalPublicKey(&old.PublicKey) })(p)
	onResponses(func(c *conn, r *message.Message) {
		if key, err := seal.Unwrap(old, r.Field("wrapped key"), p.edition.KeySize()); err == nil {
			copy(r.Field("wrapped key"), c.wrap(key))
		}
	}, spec.TypeKeyAccepted)(p)
	onMeInfo(func(me state.MeInfo) []byte {
		me.PrivateKey, _ = seal.MarshalPrivateKey(old)
		return me.Format()
	})(p)
}
