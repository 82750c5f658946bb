package clients

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"os"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/state"
)

var identityRows = []row{
	{
		id: "name-with-line-feed", clauses: "REG-1", often: always, about: "registers its name with the line feed that follows it",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.SetText(r.Text() + "\n") }, spec.TypeRegister),
	},
	{
		id: "exponent-65537", clauses: "KEY-1", often: always,
		about: "sends the first 160 of the 162 bytes that a public key with the exponent 65537 has",
		mutate: onPublicKeys(func(key *rsa.PublicKey) ([]byte, error) {
			return x509.MarshalPKIXPublicKey(&rsa.PublicKey{N: key.N, E: 65537})
		}),
	},
	{
		id: "pkcs1-key", clauses: "KEY-1", often: always, about: "sends its public key as PKCS#1 and fills it up with zeros",
		mutate: onPublicKeys(func(key *rsa.PublicKey) ([]byte, error) {
			return append(x509.MarshalPKCS1PublicKey(key), make([]byte, seal.PublicKeySize)...), nil
		}),
	},
	{
		id: "key-under-other-name", clauses: "KEY-1", often: always, about: "sends its public key under its name in capital letters",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.SetText(strings.ToUpper(r.Text())) }, spec.TypePublicKey),
	},
	{
		id: "no-me-info", clauses: "CFG-3", often: always, about: "writes no me.info",
		mutate: onRegistering(func(*process) { _ = os.Remove(meInfo) }),
	},
	{
		id: "me-info-id-first", clauses: "CFG-3", often: always, about: "writes the id on line 1 of me.info and its name on line 2",
		mutate: onMeInfo(func(me state.MeInfo) []byte {
			lines := strings.Split(string(me.Format()), "\n")
			lines[0], lines[1] = lines[1], lines[0]
			return []byte(strings.Join(lines, "\n"))
		}),
	},
	{
		id: "me-info-without-key", clauses: "CFG-3", often: always, about: "leaves the private key out of me.info",
		mutate: onMeInfo(func(me state.MeInfo) []byte {
			me.PrivateKey = nil
			return me.Format()
		}),
	},
	{
		id: "me-info-with-uuid", clauses: "CFG-3", often: always, about: "writes the id into me.info with hyphens",
		mutate: onMeInfo(func(me state.MeInfo) []byte {
			id := me.Client.String()
			uuid := strings.Join([]string{id[:8], id[8:12], id[12:16], id[16:20], id[20:]}, "-")
			return []byte(strings.Replace(string(me.Format()), id, uuid, 1))
		}),
	},
	{
		id: "me-info-with-guid", clauses: "CFG-3", often: always, about: "writes the first eight bytes of the id into me.info as Windows orders those of a GUID",
		mutate: onMeInfo(func(me state.MeInfo) []byte {
			for _, group := range [][]byte{me.Client[:4], me.Client[4:6], me.Client[6:8]} {
				slices.Reverse(group)
			}
			return me.Format()
		}),
	},
	{
		id: "me-info-in-capitals", clauses: "CFG-3", often: always, about: "writes its name into me.info in capital letters",
		mutate: onMeInfo(func(me state.MeInfo) []byte {
			me.Name = strings.ToUpper(me.Name)
			return me.Format()
		}),
	},
	{
		id: "me-info-with-other-key", clauses: "CFG-3 LGN-8", often: always, about: "writes another private key into me.info than it uses",
		mutate: onMeInfo(func(me state.MeInfo) []byte {
			me.PrivateKey, _ = seal.MarshalPrivateKey(newKey())
			return me.Format()
		}),
	},
	{
		id: "no-priv-key", clauses: "CFG-4", often: always, about: "writes no priv.key",
		mutate: onRegistering(func(*process) { _ = os.Remove(privKey) }),
	},
	{
		id: "empty-priv-key", clauses: "CFG-4", often: always, about: "leaves priv.key empty",
		mutate: onRegistering(func(*process) { writeFile(privKey, nil) }),
	},
	{
		id: "other-key-in-priv-key", clauses: "CFG-4", often: always, about: "writes another private key into priv.key than it uses",
		mutate: onRegistering(func(*process) {
			der, _ := seal.MarshalPrivateKey(newKey())
			writeFile(privKey, state.FormatPrivateKeyFile(der))
		}),
	},
	{
		id: "readable-by-all", clauses: "CFG-6", often: always, about: "lets everybody read me.info",
		mutate: onRegistering(func(*process) { _ = os.Chmod(meInfo, 0o644) }), //nolint:gosec // that is the mistake
	},
	{
		id: "hexadecimal-priv-key", clauses: "CFG-7", often: always, about: "writes the private key into priv.key in hexadecimal digits and a colon",
		mutate: onRegistering(func(p *process) { writeFile(privKey, []byte("key:"+hex.EncodeToString(p.identity().PrivateKey))) }),
	},
	{
		id: "reads-lower-case-only", clauses: "CFG-9", often: "when the id in me.info has capital letters", about: "takes me.info for malformed",
		mutate: refusingMeInfo(func(lines []string) bool { return lines[1] != strings.ToLower(lines[1]) }),
	},
	{
		id: "reads-one-line-of-key", clauses: "CFG-9", often: "when the private key in me.info is broken over lines", about: "takes me.info for malformed",
		mutate: refusingMeInfo(func(lines []string) bool { return len(lines) > 3 }),
	},
	{
		id: "reads-three-lines-only", clauses: "CFG-9", often: "when me.info has but two lines", about: "takes me.info for malformed",
		mutate: refusingMeInfo(func(lines []string) bool { return len(lines) == 2 }),
	},
	{
		id: "new-key-for-two-lines", clauses: "CFG-9", often: "when me.info has but two lines", about: "logs in with a new private key",
		mutate: beforehand(func(p *process) {
			if me, err := state.ParseMeInfo(readFile(meInfo)); err == nil && me.PrivateKey == nil {
				der, _ := seal.MarshalPrivateKey(newKey())
				writeFile(privKey, state.FormatPrivateKeyFile(der))
			}
		}),
	},
	{
		id: "crashes-on-damaged-me-info", clauses: "CFG-10", often: "when me.info or its private key is damaged", about: "crashes",
		mutate: beforehand(func(p *process) {
			if p.returning && p.privateKey() == nil {
				p.die()
			}
		}),
	},
	{
		id: "success-with-damaged-me-info", clauses: "CFG-10", often: "when me.info or its private key is damaged", about: "reports a success and does nothing",
		mutate: all(beforehand(func(p *process) {
			if p.returning && p.privateKey() == nil {
				p.quit(0, done)
			}
		}), laconic, ending(func(err error, text string, status int) (string, int) {
			if err == nil {
				return done + "\n", 0
			}
			return text, status
		})),
	},
}

// onPublicKeys has the client send other bytes for its public key, cut to the length
// of the field.
func onPublicKeys(encode func(key *rsa.PublicKey) ([]byte, error)) mutation {
	return onRequests(func(c *conn, r *message.Message) {
		if der, err := encode(&c.process.privateKey().PublicKey); err == nil {
			copy(r.Field("public key"), der)
		}
	}, spec.TypePublicKey)
}

// onMeInfo has the client write its me.info in another way.
func onMeInfo(format func(me state.MeInfo) []byte) mutation {
	return onRegistering(func(p *process) { writeFile(meInfo, format(p.identity())) })
}

// refusingMeInfo has the client end when its me.info has some form.
func refusingMeInfo(form func(lines []string) bool) mutation {
	return whenReturning(beforehand(func(p *process) {
		lines := strings.Split(strings.TrimSpace(string(readFile(meInfo))), "\n")
		if len(lines) > 1 && form(lines) {
			p.quit(1, "fatal: me.info is malformed")
		}
	}))
}
