package clients

import (
	"slices"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// transfer is all packets of one sending of the file.
type transfer struct {
	conn    *conn
	packets []*message.Message // that will be sent, in this order
	number  int                // of the transfer in its connection, from 1
}

// onTransfers has a function look at every transfer as a whole, before the first of
// its packets is sent.
func onTransfers(f func(t *transfer)) mutation {
	return onConnections(func(c *conn) {
		t := &transfer{conn: c, number: 1}
		c.onRequest = append(c.onRequest, func(_ *conn, r *message.Message) {
			if !r.Is(spec.TypeFile) {
				return
			}
			t.packets = append(t.packets, &message.Message{})
			*t.packets[len(t.packets)-1] = *r
			r.Bytes = nil
			if m := t.packets[len(t.packets)-1]; m.Uint("packet number") < m.Uint("total packets") {
				return
			}
			f(t)
			for _, packet := range t.packets {
				r.Bytes = append(r.Bytes, packet.Bytes...)
			}
			t.packets, t.number = nil, t.number+1
		})
	})
}

// cipher returns the ciphertext of the transfer.
func (t *transfer) cipher() (cipher []byte) {
	for _, packet := range t.packets {
		cipher = append(cipher, packet.Field("content")...)
	}
	return cipher
}

// plain returns the file as it is in the transfer; nil if the client has no key.
func (t *transfer) plain() []byte {
	plain, err := peer.Decrypt(t.conn.aesKey(), t.cipher())
	if err != nil {
		return nil
	}
	return plain
}

// carry puts other packets in the place of those of the transfer, each with so many
// bytes of a ciphertext, the last one with the rest. What they say of the file is
// what the first one says, but for the content size.
func (t *transfer) carry(cipher []byte, size int) {
	t.cut(cipher, slices.Collect(slices.Chunk(cipher, size)))
}

// cut does the same with the pieces into which the ciphertext is cut.
func (t *transfer) cut(cipher []byte, pieces [][]byte) {
	if len(pieces) == 0 {
		pieces = [][]byte{nil}
	}
	first, ed := t.packets[0], t.conn.process.edition
	t.packets = nil
	head := wire.File{
		ContentSize: uint32(len(cipher)), OriginalSize: uint32(first.Uint("original size")),
		Total: uint16(len(pieces)), Name: first.Text(),
	}
	for i, piece := range pieces {
		head.Number, head.Content = uint16(i+1), piece
		b, err := wire.AppendRequest(nil, ed, wire.ID(first.Field("client id")), &head)
		if err != nil {
			panic("clients: " + err.Error())
		}
		t.packets = append(t.packets, message.Request(ed, b))
	}
}

// packetSize is the content of a packet, in bytes.
const packetSize = peer.DefaultPacket

// encrypt returns the ciphertext of a file under a key.
func encrypt(key, plain []byte) []byte {
	e, err := seal.NewEncrypter(key)
	if err != nil {
		return nil
	}
	return e.Finish(e.Append(nil, plain))
}

// received is the answer to a file that has arrived.
func (c *conn) received() *wire.FileReceived {
	content := c.process.content()
	return &wire.FileReceived{
		Client: c.process.identity().Client, ContentSize: uint32(seal.CiphertextSize(int64(len(content)))),
		Name: c.process.fileName(), Cksum: cksum.Sum(content),
	}
}

// grant returns the right answer to the last request, whatever the server thinks of
// it; nil if there is none. A key in it is one of zeros.
func (c *conn) grant() []byte {
	me := c.process.identity().Client
	switch c.asked {
	case spec.TypeRegister:
		return c.response(&wire.Registered{Client: wire.ID{1}})
	case spec.TypePublicKey:
		return c.response(&wire.KeyAccepted{Client: me, Wrapped: c.wrap(make([]byte, c.process.edition.KeySize()))})
	case spec.TypeLogin:
		return c.response(&wire.LoginAccepted{Client: me, Wrapped: c.wrap(make([]byte, c.process.edition.KeySize()))})
	case spec.TypeFile:
		return c.response(c.received())
	case spec.TypeCRCOK, spec.TypeCRCAbort:
		return c.response(&wire.Thanks{Client: me})
	default:
		return nil
	}
}

// wrap wraps a key for the client.
func (c *conn) wrap(key []byte) []byte {
	private := c.process.privateKey()
	if private == nil {
		return make([]byte, wire.WrappedKeySize)
	}
	wrapped, err := seal.Wrap(&private.PublicKey, key)
	if err != nil {
		panic("clients: " + err.Error())
	}
	return wrapped
}
