package server

import (
	"crypto/rsa"
	"fmt"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// registered is 1600 with an id that nobody has, and that is not the one in the
// header of the request, which nobody pays attention to.
func (m *model) registered(header wire.ID) answer {
	return answer{spec.TypeRegistered, "with a new id", func(got wire.Message) *flaw {
		id := got.(*wire.Registered).Client
		if c := m.owner(id); c != nil {
			return &flaw{"REG-4", "with the id of " + c.letter}
		}
		if id == header {
			return &flaw{"REG-2", "with the id in the header of the request"}
		}
		return nil
	}}
}

// keyAccepted is 1602 with an AES key that the client can unwrap.
func (m *model) keyAccepted(c *client, key *rsa.PrivateKey) answer {
	return answer{spec.TypeKeyAccepted, "with an AES key under the public key just sent", func(got wire.Message) *flaw {
		a := got.(*wire.KeyAccepted)
		return m.handed(c, key, a.Client, a.Wrapped, "KEY-2")
	}}
}

// loginAccepted is 1605 with an AES key under the public key that the server has.
func (m *model) loginAccepted(c *client) answer {
	return answer{spec.TypeLoginAccepted, "with an AES key under the public key sent last", func(got wire.Message) *flaw {
		a := got.(*wire.LoginAccepted)
		return m.handed(c, c.key, a.Client, a.Wrapped, "LGN-2")
	}}
}

// handed looks at an id and an AES key that were given to a client.
func (m *model) handed(c *client, key *rsa.PrivateKey, id wire.ID, wrapped []byte, clause string) *flaw {
	if id != c.id {
		return &flaw{"KEY-9", "with another id than that of " + c.letter}
	}
	aes, err := seal.Unwrap(key, wrapped, m.ed.KeySize())
	if err != nil {
		for _, size := range []int{16, 24, 32} {
			if _, err := seal.Unwrap(key, wrapped, size); err == nil {
				return &flaw{"KEY-3", fmt.Sprintf("with an AES key of %d bytes", size)}
			}
		}
		return &flaw{clause, "with an AES key that does not unwrap under it"}
	}
	if other := m.holder(aes, c); other != nil {
		return &flaw{"KEY-4", "with the AES key of " + other.letter}
	}
	return nil
}

// loginRefused is 1606 with the id of the request's header.
func loginRefused(id wire.ID) answer {
	return answer{spec.TypeLoginRefused, "with the id of the request", func(got wire.Message) *flaw {
		if got.(*wire.LoginRefused).Client != id {
			return &flaw{"LGN-3", "with another id"}
		}
		return nil
	}}
}

// fileReceived is 1603 for a file that has arrived whole; a wrong checksum breaks
// the clause.
func fileReceived(c *client, t *peer.Transfer, clause string) answer {
	sum := cksum.Sum(t.Plain)
	return answer{spec.TypeFileReceived, fmt.Sprintf("with cksum %d", sum), func(got wire.Message) *flaw {
		a := got.(*wire.FileReceived)
		switch {
		case a.Client != c.id:
			return &flaw{"KEY-9", "with another id than that of " + c.letter}
		case a.ContentSize != uint32(len(t.Cipher)):
			return &flaw{"FIL-9", fmt.Sprintf("with content size %d instead of %d", a.ContentSize, len(t.Cipher))}
		case a.Name != t.Name:
			return &flaw{"FIL-9", fmt.Sprintf("with the file name %q", a.Name)}
		case a.Cksum != sum:
			return &flaw{clause, fmt.Sprintf("not %d", sum)}
		}
		return nil
	}}
}

// otherFile is 1603 for another file than the one that was meant.
func otherFile(t *peer.Transfer, clause string) answer {
	sum := cksum.Sum(t.Plain)
	return answer{spec.TypeFileReceived, fmt.Sprintf("with a cksum other than %d", sum), func(got wire.Message) *flaw {
		if got.(*wire.FileReceived).Cksum == sum {
			return &flaw{clause, "which is that of the right file"}
		}
		return nil
	}}
}

// thanks is 1604, with the client's id where that is laid down.
func (m *model) thanks(id wire.ID, checked bool) answer {
	return answer{t: spec.TypeThanks, right: func(got wire.Message) *flaw {
		if checked && !m.ed.EmptyThanks && got.(*wire.Thanks).Client != id {
			return &flaw{"KEY-9", "with another id than that of the request"}
		}
		return nil
	}}
}
