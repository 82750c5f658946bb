package servers

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// assembly is a way of putting files together that is not the reference's. What
// it has put together it hands on to the reference as one right packet, so that
// only the putting together differs. Its fields that are nil are done rightly.
type assembly struct {
	// key says which packets belong together.
	key func(c *conn, f *wire.File, client wire.ID) string
	// begins says whether a packet starts the file anew; p is nil if there is none yet.
	begins func(p *pile, f *wire.File) bool
	// fits says whether a packet is taken; if not, the answer is 1607.
	fits func(p *pile, f *wire.File) bool
	// add takes the content of a packet that fits.
	add func(p *pile, f *wire.File)
	// complete says whether that was the last packet.
	complete func(p *pile, f *wire.File) bool
	// plain makes the file of the contents; if it cannot, the answer is 1607.
	plain func(p *pile) (plain []byte, ok bool)
	// keep says that a pile stays after its file is complete or was refused.
	keep bool

	piles map[string]*pile
}

// pile is what has come of a file.
type pile struct {
	client  wire.ID
	first   wire.File // without its content
	packets int
	content []byte
	plain   []byte // decrypted, where that is done packet by packet
	key     []byte // AES
	refused bool
}

// mutate is the mutation that has files put together in this way.
func (a assembly) mutate(p *process) {
	a.piles = map[string]*pile{}
	if a.key == nil {
		a.key = func(c *conn, f *wire.File, client wire.ID) string {
			return fmt.Sprintf("%d %s %s", c.number, client, f.Name)
		}
	}
	if a.begins == nil {
		a.begins = func(_ *pile, f *wire.File) bool { return f.Number == 1 }
	}
	if a.fits == nil {
		a.fits = strictly
	}
	if a.add == nil {
		a.add = func(p *pile, f *wire.File) { p.content = append(p.content, f.Content...) }
	}
	if a.complete == nil {
		a.complete = func(_ *pile, f *wire.File) bool { return f.Number == f.Total }
	}
	if a.plain == nil {
		a.plain = strictPlain
	}
	onRequests(a.take, spec.TypeFile)(p)
	onResponses(func(_ *conn, r *response) {
		if f := r.Request; f != nil && f.Skip {
			r.put("content size", f.uint("content size")) // as the client said
		}
	}, spec.TypeFileReceived)(p)
}

// strictly is how the reference judges a packet.
func strictly(p *pile, f *wire.File) bool {
	size := uint32(len(p.content) + len(f.Content))
	return int(f.Number) == p.packets+1 && f.Total == p.first.Total && f.Total > 0 &&
		f.ContentSize == p.first.ContentSize && f.OriginalSize == p.first.OriginalSize &&
		(size == f.ContentSize || size < f.ContentSize && f.Number != f.Total)
}

// loosely takes every packet that comes.
func loosely(*pile, *wire.File) bool { return true }

// strictPlain is how the reference decrypts.
func strictPlain(p *pile) ([]byte, bool) {
	plain, ok := unpad(p)
	return plain, ok && uint32(len(plain)) == p.first.OriginalSize
}

// unpad decrypts and takes off the padding, whatever the original size.
func unpad(p *pile) ([]byte, bool) {
	d, err := seal.NewDecrypter(p.key)
	if err != nil {
		return nil, false
	}
	plain, err := d.Finish(d.Append(nil, p.content))
	return plain, err == nil
}

// chain decrypts whole blocks as one chain and leaves the padding on.
func chain(key, content []byte) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil
	}
	out := make([]byte, len(content)-len(content)%aes.BlockSize)
	cipher.NewCBCDecrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(out, content[:len(out)])
	return out
}

// take keeps a packet from the reference. One that is malformed, or no packet of a
// client with a key, is left to it.
func (a *assembly) take(c *conn, r *request) {
	key := c.process.aesKey(r.Header.Client)
	if !r.whole() || r.Header.Version != c.process.edition.Version || !plainText(r.field("file name")) || key == nil {
		return
	}
	f := &wire.File{
		ContentSize: uint32(r.uint("content size")), OriginalSize: uint32(r.uint("original size")),
		Number: uint16(r.uint("packet number")), Total: uint16(r.uint("total packets")), Name: r.text(),
	}
	r.Skip = true
	r.body = func(piece []byte) []byte {
		f.Content = append(f.Content, piece...)
		return piece
	}
	r.end = func() { a.packet(c, r.Header.Client, f, key) }
}

// plainText says whether a text field is well formed.
func plainText(field []byte) bool {
	for _, b := range field {
		if b == 0 {
			return true
		}
		if b < ' ' || b > '~' {
			return false
		}
	}
	return false
}

// packet deals with a packet that is there as a whole.
func (a *assembly) packet(c *conn, client wire.ID, f *wire.File, key []byte) {
	mu := &c.process.mu
	mu.Lock()
	id := a.key(c, f, client)
	p := a.piles[id]
	if a.begins(p, f) || p == nil {
		p = &pile{client: client, first: *f, key: key}
		p.first.Content = nil
		a.piles[id] = p
	}
	if p.refused {
		if f.Number == f.Total && !a.keep {
			delete(a.piles, id)
		}
		mu.Unlock()
		return
	}
	if !a.fits(p, f) {
		a.refuse(id, f)
		mu.Unlock()
		c.answer(&wire.GeneralError{})
		return
	}
	a.add(p, f)
	p.packets++
	done := a.complete(p, f)
	if !done {
		mu.Unlock()
		return
	}
	plain, ok := a.plain(p)
	if !a.keep {
		delete(a.piles, id)
	}
	mu.Unlock()
	if !ok {
		c.answer(&wire.GeneralError{})
		return
	}
	c.handOn(client, f.Name, plain, key)
}

// refuse remembers that the rest of a file is to be passed over.
func (a *assembly) refuse(id string, f *wire.File) {
	switch {
	case a.keep:
	case f.Number == f.Total:
		delete(a.piles, id)
	default:
		a.piles[id] = &pile{refused: true}
	}
}

// handOn gives a file to the reference as one packet.
func (c *conn) handOn(client wire.ID, name string, plain, key []byte) {
	e, err := seal.NewEncrypter(key)
	if err != nil {
		c.answer(&wire.GeneralError{})
		return
	}
	content := e.Finish(e.Append(nil, plain))
	b, err := wire.AppendRequest(nil, c.process.edition, client, &wire.File{
		ContentSize: uint32(len(content)), OriginalSize: uint32(len(plain)), Number: 1, Total: 1, Name: name, Content: content,
	})
	if err != nil {
		c.answer(&wire.GeneralError{})
		return
	}
	c.out = append(c.out, b...)
}
