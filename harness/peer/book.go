package peer

import (
	"bytes"
	"crypto/rand"
	"slices"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// book is a Server's state: who is registered, and the transfers.
type book struct {
	ed       *spec.Edition
	accounts []*account
	transfer *Received // under way
	last     *Received // completed last
	done     *Received // completed by the last request
}

type account struct {
	Account
	aes []byte // handed out last
}

func newBook(ed *spec.Edition, known []Account) book {
	b := book{ed: ed}
	for _, k := range known {
		b.accounts = append(b.accounts, &account{Account: k})
	}
	return b
}

// find returns the account with an id, or nil.
func (b *book) find(id wire.ID) *account {
	i := slices.IndexFunc(b.accounts, func(c *account) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return b.accounts[i]
}

// refuse is the edition's way to refuse any request.
func (b *book) refuse() Answer {
	if b.ed.Has(spec.TypeError) {
		return Answer{Message: &wire.GeneralError{}}
	}
	return Answer{Close: true}
}

// answer returns what the protocol answers to a request; ok is false for a
// packet that is not the last of its transfer.
func (b *book) answer(r Request) (a Answer, ok bool) {
	if r.Err != nil {
		a = b.refuse()
		a.Close = a.Close || r.Adrift
		return a, true
	}
	client := b.find(r.Header.Client)
	switch m := r.Message.(type) {
	case *wire.Register:
		return b.register(m), true
	case *wire.PublicKey:
		return b.publicKey(client, m), true
	case *wire.Login:
		return b.login(r.Header.Client, client, m), true
	case *wire.File:
		return b.file(r, client, m)
	case *wire.CRCBad:
		b.last = nil // what follows is the file from its first packet on (CRC-6)
		return Answer{}, true
	default: // crc ok, crc abort
		return Answer{Message: &wire.Thanks{Client: r.Header.Client}}, true
	}
}

// register takes a name for taken once its client has sent a key: one that did
// not get the first answer, or not the right one, registers again.
func (b *book) register(m *wire.Register) Answer {
	for _, c := range b.accounts {
		if c.Name == m.Name && c.Key != nil {
			return Answer{Message: &wire.RegistrationRefused{}}
		}
	}
	var id wire.ID
	_, _ = rand.Read(id[:]) // never fails
	b.accounts = append(b.accounts, &account{Account: Account{Name: m.Name, ID: id}})
	return Answer{Message: &wire.Registered{Client: id}}
}

func (b *book) publicKey(c *account, m *wire.PublicKey) Answer {
	key, err := seal.ParsePublicKey(m.Key)
	if err != nil || c == nil || c.Name != m.Name {
		return b.refuse()
	}
	c.Key = key
	wrapped, err := b.newKey(c)
	if err != nil {
		return b.refuse()
	}
	return Answer{Message: &wire.KeyAccepted{Client: c.ID, Wrapped: wrapped}, To: c.Account}
}

func (b *book) login(id wire.ID, c *account, m *wire.Login) Answer {
	if c == nil || c.Key == nil || c.Name != m.Name {
		return Answer{Message: &wire.LoginRefused{Client: id}}
	}
	wrapped, err := b.newKey(c)
	if err != nil {
		return b.refuse()
	}
	return Answer{Message: &wire.LoginAccepted{Client: id, Wrapped: wrapped}, To: c.Account}
}

// newKey gives the client a fresh AES key and returns it wrapped.
func (b *book) newKey(c *account) ([]byte, error) {
	var err error
	if c.aes, err = seal.NewKey(b.ed.AESBits); err != nil {
		return nil, err
	}
	return seal.Wrap(c.Key, c.aes)
}

// file collects packets as they come; that they are the right ones is for the
// cases to judge.
func (b *book) file(r Request, c *account, m *wire.File) (Answer, bool) {
	if c == nil || c.aes == nil {
		return b.refuse(), true
	}
	if b.repeats(r) {
		b.transfer = b.last
	} else {
		b.collect(r, c, m)
		if b.ed.PacketFields && m.Number < m.Total {
			return Answer{}, false
		}
	}
	t := b.transfer
	b.transfer, b.last, b.done = nil, t, t
	if t.Err != nil {
		return b.refuse(), true
	}
	return Answer{Message: &wire.FileReceived{
		Client: r.Header.Client, ContentSize: m.ContentSize, Name: m.Name, Cksum: cksum.Sum(t.Plain),
	}}, true
}

// repeats says whether a packet is once more the last of the last transfer: a
// client may repeat just that when the answer was an error (RTY-1).
func (b *book) repeats(r Request) bool {
	if b.transfer != nil || b.last == nil {
		return false
	}
	packets := b.last.Packets
	return len(packets) > 1 && bytes.Equal(r.Raw, packets[len(packets)-1].Raw)
}

// collect adds a packet to the transfer under way, or begins one with it; with
// the last packet it decrypts the whole.
func (b *book) collect(r Request, c *account, m *wire.File) {
	if b.transfer == nil || m.Number <= 1 {
		b.transfer = &Received{Key: c.aes}
	}
	t := b.transfer
	t.Packets = append(t.Packets, r)
	t.Cipher = append(t.Cipher, m.Content...)
	if b.ed.PacketFields && m.Number < m.Total {
		return
	}
	if t.Plain, t.Err = Decrypt(t.Key, t.Cipher); t.Err != nil {
		t.Plain = nil
	}
}

// takeTransfer returns the transfer that the last request completed, if any.
func (b *book) takeTransfer() *Received {
	done := b.done
	b.done = nil
	return done
}

// known returns all accounts, in the order in which they were made.
func (b *book) known() []Account {
	var all []Account
	for _, c := range b.accounts {
		all = append(all, c.Account)
	}
	return all
}

// Decrypt returns the plaintext of a whole file.
func Decrypt(key, cipher []byte) ([]byte, error) {
	d, err := seal.NewDecrypter(key)
	if err != nil {
		return nil, err
	}
	return d.Finish(d.Append(nil, cipher))
}
