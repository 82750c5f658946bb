package client

import (
	"encoding/binary"
	"fmt"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// packer turns a file into frames: packets, or one message in editions without
// packet fields, which here is a transfer of one packet of any length.
//
// Ciphertext and plaintext have the same length up to the last block. So packet
// n carries the n-th piece of the plaintext as it is, encrypted, and the last
// one what remains, possibly nothing, and the padding: no packet is empty
// (FIL-6), and none but the last is shorter than the others (FIL-5).
type packer struct {
	encrypter *seal.Encrypter
	head      []byte // what comes before the content of all packets but the last
	lastHead  []byte // likewise, of the last
	numberAt  int    // where in head the packet's number is
	number    int    // of the current packet, from 1 (FIL-1)
	total     int
	content   int64 // bytes in every packet but the last
	room      int64 // bytes that the current packet still takes
}

func newPacker(edition *spec.Edition, client wire.ID, f *outgoing, key []byte) (*packer, error) {
	encrypter, err := seal.NewEncrypter(key)
	if err != nil {
		return nil, err
	}
	size := seal.CiphertextSize(f.size)
	p := &packer{encrypter: encrypter, content: size, total: 1}
	if edition.PacketFields {
		p.content = packetContent(edition)
		p.total = int((size + p.content - 1) / p.content)
	}
	packet := wire.File{
		ContentSize: uint32(size), OriginalSize: uint32(f.size),
		Number: 1, Total: uint16(p.total), Name: f.name,
	}
	if p.head, err = wire.AppendFileHead(nil, edition, client, &packet, int(p.content)); err != nil {
		return nil, fmt.Errorf("first packet: %w", err)
	}
	packet.Number = packet.Total
	rest := size - int64(p.total-1)*p.content
	if p.lastHead, err = wire.AppendFileHead(nil, edition, client, &packet, int(rest)); err != nil {
		return nil, fmt.Errorf("last packet: %w", err)
	}
	for _, field := range wire.Layout(edition, spec.TypeFile, 0) {
		if field.Name == "packet number" {
			p.numberAt = field.Offset
		}
	}
	return p, nil
}

// append encrypts the next bytes of the file and appends them to dst, with the
// heads of the packets that begin there; last ends the file.
func (p *packer) append(dst, plain []byte, last bool) []byte {
	for len(plain) > 0 {
		if p.room == 0 {
			dst = p.begin(dst)
		}
		n := min(int64(len(plain)), p.room)
		dst = p.encrypter.Append(dst, plain[:n])
		plain = plain[n:]
		p.room -= n
	}
	if !last {
		return dst
	}
	if p.room == 0 {
		dst = p.begin(dst)
	}
	return p.encrypter.Finish(dst)
}

// begin appends the head of the next packet.
func (p *packer) begin(dst []byte) []byte {
	p.number++
	p.room = p.content
	if p.number == p.total {
		return append(dst, p.lastHead...)
	}
	binary.LittleEndian.PutUint16(p.head[p.numberAt:], uint16(p.number))
	return append(dst, p.head...)
}
