package server_test

import (
	"bytes"
	"testing"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// KEY-5, KEY-6, LGN-4: what is no key, or not the sender's, changes nobody's keys.
func TestPublicKeyRefuses(t *testing.T) {
	good := publicKey(t)
	broken := bytes.Clone(good)
	broken[29] = 0 // the first byte of the modulus
	tests := []struct {
		name   string
		change func(c *client, m *wire.PublicKey)
	}{
		{"an unknown id", func(c *client, _ *wire.PublicKey) { c.id[3]++ }},
		{"an unknown id and no name", func(c *client, m *wire.PublicKey) { c.id, m.Name = wire.ID{}, "" }},
		{"another's name", func(_ *client, m *wire.PublicKey) { m.Name = "Grace" }},
		{"the name in other letters", func(_ *client, m *wire.PublicKey) { m.Name = "ada" }},
		{"zeros", func(_ *client, m *wire.PublicKey) { m.Key = make([]byte, 160) }},
		{"0xff", func(_ *client, m *wire.PublicKey) { m.Key = bytes.Repeat([]byte{0xff}, 160) }},
		{"a shorter modulus", func(_ *client, m *wire.PublicKey) { m.Key = broken }},
		{"a shorter DER", func(_ *client, m *wire.PublicKey) { m.Key = append(bytes.Clone(good[1:]), 0) }},
	}
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		ada := f.ready("Ada")
		f.dial().register("Grace")
		before := f.query("SELECT group_concat(name || hex(public_key) || hex(aes_key)) FROM clients")
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				c := f.in(t).dial().as(ada)
				m := &wire.PublicKey{Name: "Ada", Key: good}
				tt.change(c, m)
				c.send(m)
				c.wantRefusal()
			})
		}
		if f.query("SELECT group_concat(name || hex(public_key) || hex(aes_key)) FROM clients") != before {
			t.Error("a refused key changed the stored keys")
		}
	})
}

// KEY-4, KEY-7, KEY-11: every exchange gives another AES key, under the new key.
func TestPublicKeyAgain(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		c := f.ready("Ada")
		keys := map[string]bool{string(c.aes): true}
		keys[string(f.ready("Grace").aes)] = true

		other, err := seal.GenerateKey()
		if err != nil {
			t.Fatal(err)
		}
		der, err := seal.MarshalPublicKey(&other.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		c.send(&wire.PublicKey{Name: "Ada", Key: der})
		m, ok := c.next().(*wire.KeyAccepted)
		if !ok {
			t.Fatalf("answer %+v", m)
		}
		if c.aes, err = seal.Unwrap(other, m.Wrapped, f.ed.KeySize()); err != nil {
			t.Fatal(err)
		}
		keys[string(c.aes)] = true
		if len(keys) != 3 {
			t.Errorf("%d different AES keys of 3", len(keys))
		}
		c.upload("f", pattern(100))
		c.want(c.received("f", pattern(100)))

		if f.ed.Has(spec.TypeLogin) {
			c.send(&wire.Login{Name: "Ada"})
			m := c.next().(*wire.LoginAccepted)
			if _, err := seal.Unwrap(other, m.Wrapped, f.ed.KeySize()); err != nil {
				t.Errorf("the login uses the old public key: %v", err)
			}
		}
	})
}
