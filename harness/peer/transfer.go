package peer

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// DefaultPacket is the content of a packet in bytes where a case asks for no other (FIL-5).
const DefaultPacket = 1024

// bytesPerSecond is what a server is allowed to take for a file: interpreted
// ones compute the checksum that slowly.
const bytesPerSecond = 1 << 20

// Transfer is a file cut into packets, which can be changed before they are sent.
type Transfer struct {
	Name    string
	Plain   []byte
	Cipher  []byte
	Packets []wire.File // one where the edition has no packet fields

	sum Checksum // nil: the one of CRC-1
}

// Checksum is what a server computes of a file.
type Checksum func(plain, cipher []byte) uint32

// Cksum returns the checksum that the server has to find (CRC-1), or the one
// that Options say it finds instead.
func (t *Transfer) Cksum() uint32 {
	if t.sum != nil {
		return t.sum(t.Plain, t.Cipher)
	}
	return cksum.Sum(t.Plain)
}

// NewTransfer encrypts a file under the client's AES key and cuts it into
// packets of packetSize bytes of ciphertext each.
func (c *Client) NewTransfer(name string, plain []byte, packetSize int) *Transfer {
	return c.Pack(name, plain, Encrypt(c.AES, plain), packetSize)
}

// Encrypt returns the ciphertext of a whole file.
func Encrypt(key, plain []byte) []byte {
	e, err := seal.NewEncrypter(key)
	if err != nil {
		panic(fmt.Sprintf("peer: encrypt: %v", err)) // keys were checked when they were unwrapped
	}
	return e.Finish(e.Append(nil, plain))
}

// Pack puts a ciphertext into packets, whether or not it belongs to plain.
func (c *Client) Pack(name string, plain, cipher []byte, packetSize int) *Transfer {
	t := &Transfer{Name: name, Plain: plain, Cipher: cipher, sum: c.o.Checksum}
	if !c.Edition.PacketFields {
		packetSize = max(len(cipher), 1)
	}
	pieces := slices.Collect(slices.Chunk(cipher, packetSize))
	if len(pieces) > math.MaxUint16 {
		panic(fmt.Sprintf("peer: %d packets of %d bytes, at most %d can be numbered", len(pieces), packetSize, math.MaxUint16))
	}
	for i, piece := range pieces {
		t.Packets = append(t.Packets, wire.File{
			ContentSize: uint32(len(cipher)), OriginalSize: uint32(len(plain)),
			Number: uint16(i + 1), Total: uint16(len(pieces)),
			Name: name, Content: piece,
		})
	}
	return t
}

// SendPackets sends packets, each in one write, and waits for nothing.
func (c *Client) SendPackets(packets ...wire.File) {
	for i := range packets {
		c.Send(&packets[i])
	}
}

// EncodeTransfer returns the bytes of all packets, one after the other.
func (c *Client) EncodeTransfer(t *Transfer) []byte {
	var b []byte
	for i := range t.Packets {
		b = append(b, c.Encode(&t.Packets[i])...)
	}
	return b
}

// SendTransfer sends the packets, each in one write, and waits for the answer.
func (c *Client) SendTransfer(t *Transfer) Reply {
	c.SendPackets(t.Packets...)
	return c.ReceiveFor(t)
}

// ReceiveFor waits for the next response as long as a slow server may take for
// a file of that size.
func (c *Client) ReceiveFor(t *Transfer) Reply {
	return c.ReceiveWithin(c.TransferTimeout(len(t.Cipher)))
}

// TransferTimeout returns how long the answer to a file of size bytes may take.
func (c *Client) TransferTimeout(size int) time.Duration {
	return c.Timeout + time.Duration(size)*time.Second/bytesPerSecond
}

// SendFile encrypts a file and sends it in packets of DefaultPacket bytes.
func (c *Client) SendFile(name string, plain []byte) Reply {
	return c.SendTransfer(c.NewTransfer(name, plain, DefaultPacket))
}
