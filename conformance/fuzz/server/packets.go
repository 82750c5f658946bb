package server

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec/wire"
)

// content returns a file that no other conversation has, as far as its size allows.
func (p *play) content(size int) []byte {
	p.contents++
	var seed [32]byte
	copy(seed[:], p.nonce)
	binary.LittleEndian.PutUint64(seed[16:], p.contents)
	b := make([]byte, size)
	_, _ = rand.NewChaCha8(seed).Read(b) // never fails
	return b
}

// harmless says whether the key of a fault is the right one after all, which a
// server may hand out again (LGN-6, KEY-11), or the id is.
func (p *play) harmless(c *client, s Step) bool {
	switch s.Fault {
	case otherID:
		return p.clients[s.Other].id == c.id
	case staleKey:
		return len(c.older) > 0 && bytes.Equal(c.older[len(c.older)-1], c.aes)
	case otherKey:
		return bytes.Equal(p.clients[s.Other].aes, c.aes)
	}
	return false
}

// pack encrypts a new file and cuts it into packets, as the step says.
func (p *play) pack(k *conn, c *client, s Step) *peer.Transfer {
	aes := c.aes
	switch {
	case s.Fault == staleKey && len(c.older) > 0:
		aes = c.older[len(c.older)-1]
	case s.Fault == otherKey && p.clients[s.Other].aes != nil:
		aes = p.clients[s.Other].aes
	case aes == nil, s.Fault == staleKey, s.Fault == otherKey:
		aes = make([]byte, p.ed.KeySize())
	}
	plain := p.content(s.Size)
	cipher := peer.Encrypt(aes, plain)
	if s.Fault == badPadding { // right in its last byte alone, or where it has but one not at all
		n := 16 - len(plain)%16
		padded := append(slices.Clone(plain), make([]byte, n)...)
		if padded[len(padded)-1] = byte(n); n == 1 {
			padded[len(padded)-1] = 0
		}
		cipher = peer.Encrypt(aes, padded)[:len(padded)]
	}
	if s.Fault == ragged {
		cipher = append(cipher, 0)
	}
	parts := max(1, min(s.Parts, len(cipher)))
	return k.Pack(p.names[s.File], plain, cipher, (len(cipher)+parts-1)/parts)
}

// spoil returns the packets of a transfer with a fault, and whether a server that
// is generous enough can make the right file of them.
func spoil(t *peer.Transfer, fault string) (packets []wire.File, generous bool) {
	q := slices.Clone(t.Packets)
	n := len(q)
	if slices.Contains(packetFaults, fault) && n < 3 {
		return q, true // too few to have this fault
	}
	switch fault {
	default: // what is wrong is in the header or the content
		return q, false
	case tooShort:
		for i := range q {
			q[i].ContentSize += 16
		}
		return q, false
	case tooLong:
		for i := range q {
			q[i].ContentSize -= min(16, q[i].ContentSize)
		}
		return q, false
	case missing:
		return slices.Delete(q, 1, 2), false
	case first:
		return q[1:], false
	case twice:
		return slices.Insert(q, 2, q[1]), true
	case order:
		q[1], q[2] = q[2], q[1]
	case zero:
		for i := range q {
			q[i].Number--
		}
	case above:
		q[n-1].Number++
	case total:
		q[1].Total++
	case sizes:
		q[1].ContentSize += 16
	}
	return q, true
}
