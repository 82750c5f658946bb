package replay

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// book is what is ours for what was recorded, on whichever connection. All its
// maps are by what was recorded.
type book struct {
	ids   map[wire.ID]wire.ID
	names map[string]string
	pairs map[string]*rsa.PrivateKey // by public key
	keys  map[wire.ID]*rsa.PrivateKey
	aes   map[wire.ID][]byte
}

func newBook() *book {
	return &book{
		ids: map[wire.ID]wire.ID{}, names: map[string]string{}, pairs: map[string]*rsa.PrivateKey{},
		keys: map[wire.ID]*rsa.PrivateKey{}, aes: map[wire.ID][]byte{},
	}
}

// adapter puts what is ours in place of what was recorded of a connection.
type adapter struct {
	*script
	*book
	verbatim bool
	secrets  *trace.Secrets
	parts    map[int]part // by frame

	sending func(*trace.Frame) // is told of every request, before it is sent

	adapted map[int][]byte  // by frame
	next    int             // the first frame of which not all was sent
	sent    *trace.Frame    // the last request
	offered *rsa.PrivateKey // whose public half was sent last
	file    *content        // of the last packet that was sent
}

func newAdapter(s *script, t *trace.Transcript, b *book, verbatim bool) *adapter {
	a := &adapter{script: s, book: b, verbatim: verbatim, secrets: t.Secrets, parts: map[int]part{}, adapted: map[int][]byte{}}
	if !verbatim {
		a.parts = parts(s, t)
	}
	return a
}

// bytes returns a part of the client's direction, adapted.
func (a *adapter) bytes(begin, end int64) ([]byte, error) {
	var out []byte
	for i := a.next; i < len(a.frames); i++ {
		f := &a.frames[i]
		from, to := max(begin, f.Offset), min(end, f.Offset+int64(len(f.Bytes)))
		if f.Dir != trace.ToServer || from >= to {
			continue
		}
		b, err := a.frame(i)
		if err != nil {
			return nil, err
		}
		out = append(out, b[from-f.Offset:to-f.Offset]...)
		if a.next = i; to == end {
			break
		}
	}
	return out, nil
}

// frame returns a request, adapted when the first of its bytes is needed.
func (a *adapter) frame(index int) ([]byte, error) {
	if b, ok := a.adapted[index]; ok {
		return b, nil
	}
	f := &a.frames[index]
	a.sent = f
	a.sending(f)
	b := slices.Clone(f.Bytes)
	var err error
	if !a.verbatim && !errors.Is(f.Err, trace.ErrOutOfStep) && len(b) >= wire.RequestHeaderSize {
		err = a.message(index, f, b)
	}
	a.adapted[index] = b
	return b, err
}

func (a *adapter) message(index int, f *trace.Frame, b []byte) error {
	id := wire.ID(b)
	if now, ok := a.ids[id]; ok {
		copy(b, now[:])
	}
	fields := requestFields{a.ed, f, b}
	switch m := f.Message.(type) {
	case *wire.Register:
		fields.putName(a.names[m.Name])
	case *wire.Login:
		fields.putName(a.names[m.Name])
	case *wire.PublicKey:
		fields.putName(a.names[m.Name])
		return a.publicKey(m.Key, fields)
	case *wire.File:
		fields.put(repeatedID, b[:wire.IDSize])
		return a.content(index, id, fields)
	case *wire.CRCOK, *wire.CRCBad, *wire.CRCAbort:
		fields.put(repeatedID, b[:wire.IDSize])
	}
	return nil
}

// repeatedID is the id in a payload, where the edition has one.
const repeatedID = "client id (repeated)"

// publicKey puts in our public key for a recorded one. What is no key stays.
func (a *adapter) publicKey(recorded []byte, fields requestFields) error {
	a.offered = nil
	if _, err := seal.ParsePublicKey(recorded); err != nil {
		return nil //nolint:nilerr // it was sent to be refused
	}
	pair, err := a.pair(recorded)
	if err != nil {
		return err
	}
	der, err := seal.MarshalPublicKey(&pair.PublicKey)
	if err != nil {
		return err
	}
	a.offered = pair
	fields.put("public key", der)
	return nil
}

// pair returns the key pair that stands for a recorded public key: the recorded
// one if its private key is known.
func (a *adapter) pair(recorded []byte) (*rsa.PrivateKey, error) {
	if pair, ok := a.pairs[string(recorded)]; ok {
		return pair, nil
	}
	if a.secrets != nil && len(a.secrets.PrivateKey) > 0 {
		own, err := seal.ParsePrivateKey(a.secrets.PrivateKey)
		if err != nil {
			return nil, err
		}
		if der, err := seal.MarshalPublicKey(&own.PublicKey); err == nil && bytes.Equal(der, recorded) {
			a.pairs[string(recorded)] = own
			return own, nil
		}
	}
	pair, err := seal.GenerateKey()
	a.pairs[string(recorded)] = pair
	return pair, err
}

// content puts in what a packet carries under the key that holds now.
func (a *adapter) content(index int, id wire.ID, fields requestFields) error {
	p, ok := a.parts[index]
	if !ok {
		return nil
	}
	a.file = p.content
	if p.bytes == nil {
		if err := p.seal(a.aes[id]); err != nil {
			return err
		}
	}
	fields.put("content", p.bytes[p.offset:])
	return nil
}

// rename finds a free name for one that is taken: the same with an ending.
func (a *adapter) rename(recorded string) string {
	var random [4]byte
	_, _ = rand.Read(random[:]) // never fails
	ending := "-" + hex.EncodeToString(random[:])
	name := recorded[:min(len(recorded), maxName-len(ending))] + ending
	a.names[recorded] = name
	return name
}

// maxName is the longest name of a client in bytes (CFG-1).
const maxName = 100

// unwrap keeps the AES key in an answer. The error is that it does not unwrap
// under the public key that the server has from us.
func (a *adapter) unwrap(recorded wire.ID, wrapped []byte) error {
	pair := a.keys[recorded]
	if pair == nil {
		return nil // the recorded key was none, and there is nothing to unwrap with
	}
	key, err := seal.Unwrap(pair, wrapped, a.ed.KeySize())
	if err != nil {
		return err
	}
	a.aes[recorded] = key
	return nil
}

// requestFields reaches the fields of a request by name.
type requestFields struct {
	ed *spec.Edition
	f  *trace.Frame
	b  []byte
}

// put overwrites a field, as far as there is one and value reaches.
func (r requestFields) put(name string, value []byte) {
	for _, field := range wire.Layout(r.ed, r.f.Type, len(r.b)-wire.RequestHeaderSize) {
		if field.Name == name {
			copy(r.b[field.Offset:field.Offset+field.Size], value)
		}
	}
}

// putName sets the name, unless it is empty: then the recorded one stays.
func (r requestFields) putName(name string) {
	if name != "" {
		r.put("name", append([]byte(name), make([]byte, wire.TextSize-len(name))...))
	}
}

// nameOf describes a message by its code and type.
func nameOf(code uint16, t spec.MessageType) string {
	if t == spec.TypeUnknown {
		return fmt.Sprintf("%d unknown code", code)
	}
	return fmt.Sprintf("%d %s", code, t)
}
