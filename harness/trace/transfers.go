package trace

import (
	"errors"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// ErrNoKey says that a transfer was not decrypted because its key is not known.
var ErrNoKey = errors.New("the key is not known")

// Transfer is one sending of a file as it was recorded, from packet 1 or what
// came in its place to the packet whose number is the total, or to where it broke off.
type Transfer struct {
	Packets []int  // of its file requests, the indexes among the frames
	Whole   bool   // they are packets 1 to total, in order, of one content size, and the contents have it
	Cipher  []byte // the contents, joined
	Key     Key    // the AES key; nil where it is not known
	Plain   []byte // the file, where Err is nil
	Err     error  // why the contents do not decrypt: ErrNoKey, a *seal.KeyError or a *seal.CiphertextError
}

// Last returns the index of the last packet's frame.
func (t *Transfer) Last() int { return t.Packets[len(t.Packets)-1] }

// Transfers returns the transfers among the frames that t.Frames returned for
// the edition, in the order of their first packets, decrypted as far as
// t.Secrets go. A file's key is the one that its client was last handed out
// before; in a recording without any such answer it is the first of the secrets.
func (t *Transcript) Transfers(ed *spec.Edition, frames []Frame) []*Transfer {
	var all []*Transfer
	for _, p := range t.collect(ed, frames).all {
		all = append(all, &p.Transfer)
	}
	return all
}

// collect goes through a conversation for its keys and files.
func (t *Transcript) collect(ed *spec.Edition, frames []Frame) *collector {
	c := &collector{ed: ed, secrets: t.Secrets, handed: map[int]Key{}, keys: map[wire.ID]Key{}, open: map[sender]*pending{}}
	if c.secrets == nil {
		c.secrets = new(Secrets)
	}
	for i := range frames {
		switch m := frames[i].Message.(type) {
		case *wire.KeyAccepted:
			c.handOut(i, m.Client, m.Wrapped)
		case *wire.LoginAccepted:
			c.handOut(i, m.Client, m.Wrapped)
		case *wire.File:
			c.packet(i, sender{wire.ID(frames[i].Bytes), m.Name}, m)
		}
	}
	for _, p := range c.all {
		c.decrypt(p)
	}
	return c
}

// sender is what keeps transfers apart (FIL-18).
type sender struct {
	client wire.ID
	name   string // of the file
}

// pending is a transfer that is being put together.
type pending struct {
	Transfer
	first *wire.File
}

type collector struct {
	ed      *spec.Edition
	secrets *Secrets
	handed  map[int]Key     // by the index of the answer's frame; nil where it is not known
	keys    map[wire.ID]Key // in force
	open    map[sender]*pending
	all     []*pending
}

func (c *collector) handOut(index int, client wire.ID, wrapped []byte) {
	key := c.secrets.unwrap(len(c.handed), wrapped, c.ed.KeySize())
	c.keys[client], c.handed[index] = key, key
}

// packet adds a packet to its transfer, or begins one with it (FIL-16).
func (c *collector) packet(index int, from sender, m *wire.File) {
	p := c.open[from]
	if p == nil || m.Number <= 1 {
		p = &pending{first: m}
		p.Key, p.Whole = c.keys[from.client], true // until something is amiss
		c.open[from], c.all = p, append(c.all, p)
	}
	p.Packets = append(p.Packets, index)
	p.Cipher = append(p.Cipher, m.Content...)
	if c.ed.PacketFields {
		p.Whole = p.Whole && int(m.Number) == len(p.Packets) && m.Total == p.first.Total &&
			m.ContentSize == p.first.ContentSize && m.OriginalSize == p.first.OriginalSize
	}
	if m.Number >= m.Total {
		delete(c.open, from)
	}
}

// decrypt completes a transfer of which nothing more comes.
func (c *collector) decrypt(p *pending) {
	p.Whole = p.Whole && (len(p.Packets) == int(p.first.Total) || !c.ed.PacketFields) &&
		int64(len(p.Cipher)) == int64(p.first.ContentSize)
	if len(c.handed) == 0 && len(c.secrets.AESKeys) > 0 {
		p.Key = c.secrets.AESKeys[0]
	}
	if p.Key == nil {
		p.Err = ErrNoKey
		return
	}
	d, err := seal.NewDecrypter(p.Key)
	if err != nil {
		p.Err = err
		return
	}
	if p.Plain, p.Err = d.Finish(d.Append(nil, p.Cipher)); p.Err != nil {
		p.Plain = nil
	}
}
