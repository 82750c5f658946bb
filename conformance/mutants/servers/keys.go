package servers

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // the protocol demands it
	"hash"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// hands are the responses that hand out an AES key.
var hands = []spec.MessageType{spec.TypeKeyAccepted, spec.TypeLoginAccepted}

// rewrap puts a wrapped key of the row's own into a response that hands one out.
func rewrap(c *conn, r *response, wrap func(pub *rsa.PublicKey, client wire.ID) ([]byte, error)) {
	client := r.Request.Header.Client
	pub, err := seal.ParsePublicKey(c.process.publicKey(client))
	if err != nil {
		return
	}
	wrapped, err := wrap(pub, client)
	if err != nil {
		return
	}
	copy(r.field("wrapped key"), wrapped)
}

// giveOut makes a key the client's AES key, in the database and in the response.
func giveOut(c *conn, r *response, key []byte) {
	rewrap(c, r, func(pub *rsa.PublicKey, client wire.ID) ([]byte, error) {
		c.process.exec("UPDATE clients SET aes_key = ? WHERE id = ?", key, client[:])
		return seal.Wrap(pub, key)
	})
}

// newKey returns n random bytes.
func newKey(n int) []byte {
	key := make([]byte, n)
	_, _ = rand.Read(key) // never fails
	return key
}

// oaep wraps with another hash function than the protocol's, or with a label.
func oaep(h func() hash.Hash, label string) func(c *conn, r *response) {
	if h == nil {
		h = sha1.New
	}
	return func(c *conn, r *response) {
		rewrap(c, r, func(pub *rsa.PublicKey, client wire.ID) ([]byte, error) {
			return rsa.EncryptOAEP(h(), rand.Reader, pub, c.process.aesKey(client), []byte(label))
		})
	}
}

// keepKey has a client keep the AES key that it has, whatever new one a request
// of that type would give it.
func keepKey(t spec.MessageType) mutation {
	return all(
		onRequests(func(c *conn, r *request) { c.oldKey = c.process.aesKey(r.Header.Client) }, t),
		onResponses(func(c *conn, r *response) {
			if r.Request.Type == t && c.oldKey != nil {
				giveOut(c, r, c.oldKey)
			}
		}, hands...),
	)
}

// ownPublicKey returns a public key of the server's own, in DER.
func ownPublicKey() []byte {
	key, err := seal.GenerateKey()
	if err != nil {
		panic("servers: " + err.Error())
	}
	der, err := seal.MarshalPublicKey(&key.PublicKey)
	if err != nil {
		panic("servers: " + err.Error())
	}
	return der
}

// parses says whether a public key is one.
func parses(der []byte) bool {
	_, err := seal.ParsePublicKey(der)
	return err == nil
}

// takeAnyKey puts a key of the server's own in the place of what is none.
func takeAnyKey(p *process) {
	own := ownPublicKey()
	onRequests(func(_ *conn, r *request) {
		if key := r.field("public key"); key != nil && !parses(key) {
			copy(key, own)
		}
	}, spec.TypePublicKey)(p)
}
