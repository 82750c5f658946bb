package vectors

import (
	"bytes"
	"encoding/binary"
	"errors"

	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/seal"
)

func (v *verifier) cksum(c *Cksum) {
	if c.Length < 0 || c.Length > MaxCksumLength || c.Length > 0 && len(c.Pattern) == 0 {
		v.failf("%d bytes cannot be made of a pattern of %d", c.Length, len(c.Pattern))
		return
	}
	var file []byte
	if c.Length > 0 {
		file = bytes.Repeat(c.Pattern, c.Length/len(c.Pattern)+1)[:c.Length]
	}
	if got := cksum.Sum(file); got != c.Cksum {
		v.failf("the checksum is %d, not %d", got, c.Cksum)
	}
	digest := cksum.New()
	for rest := file; len(rest) > 0; {
		n := min(len(rest), 1+v.chunks.IntN(5000))
		_, _ = digest.Write(rest[:n])
		rest = rest[n:]
	}
	if got := digest.Sum32(); got != c.Cksum {
		v.failf("the checksum is %d in chunks, not %d", got, c.Cksum)
	}
	if wire := binary.LittleEndian.AppendUint32(nil, c.Cksum); !bytes.Equal(wire, c.Wire) {
		v.failf("on the wire the checksum is %x, not %x", wire, []byte(c.Wire))
	}
}

// breaks compares an error of the cryptography with the clause expected, and
// says whether to go on with what is right.
func (v *verifier) breaks(want string, err error) bool {
	got := ""
	var key *seal.KeyError
	var ciphertext *seal.CiphertextError
	switch {
	case errors.As(err, &key):
		got = key.Clause
	case errors.As(err, &ciphertext):
		got = ciphertext.Clause
	case err != nil:
		got = err.Error()
	}
	switch {
	case got != want && want == "":
		v.failf("refused, but should be accepted: %v", err)
	case got != want && got == "":
		v.failf("accepted, but breaks %s", want)
	case got != want:
		v.failf("refused for %s, expected is %s", got, want)
	}
	return err == nil && want == ""
}

func (v *verifier) publicKey(k *PublicKey) {
	pub, err := seal.ParsePublicKey(k.SPKI)
	if !v.breaks(k.Breaks, err) {
		return
	}
	if !bytes.Equal(pub.N.Bytes(), k.Modulus) || pub.E != k.Exponent {
		v.failf("the key has another modulus or exponent")
	}
	if der, err := seal.MarshalPublicKey(pub); err != nil || !bytes.Equal(der, k.SPKI) {
		v.failf("encoded again, the key is %x (%v)", der, err)
	}
	if k.PKCS8 == nil {
		return
	}
	priv, err := seal.ParsePrivateKey(k.PKCS8)
	if err != nil {
		v.failf("the private half: %v", err)
		return
	}
	if !priv.PublicKey.Equal(pub) {
		v.failf("the private half belongs to another key")
	}
	if der, err := seal.MarshalPrivateKey(priv); err != nil || !bytes.Equal(der, k.PKCS8) {
		v.failf("encoded again, the private half differs (%v)", err)
	}
}

func (v *verifier) unwrap(u *Unwrap) {
	priv, err := seal.ParsePrivateKey(u.PrivateKey)
	if err != nil {
		v.failf("private key: %v", err)
		return
	}
	key, err := seal.Unwrap(priv, u.Wrapped, u.KeySize)
	if v.breaks(u.Breaks, err) && !bytes.Equal(key, u.Key) {
		v.failf("the key is %x, not %x", key, []byte(u.Key))
	}
}

func (v *verifier) cbc(c *CBC) {
	for _, chunk := range []int{max(1, len(c.Ciphertext)), 1, 1 + v.chunks.IntN(40)} {
		plain, err := decrypt(c.Key, c.Ciphertext, chunk)
		if v.breaks(c.Breaks, err) && !bytes.Equal(plain, c.Plaintext) {
			v.failf("decrypts to %x in chunks of %d", plain, chunk)
		}
	}
	if c.Breaks == "" {
		v.encrypts(c)
	}
}

func (v *verifier) encrypts(c *CBC) {
	e, err := seal.NewEncrypter(c.Key)
	if err != nil {
		v.failf("%v", err)
		return
	}
	for _, chunk := range []int{max(1, len(c.Plaintext)), 1, 1 + v.chunks.IntN(40)} {
		var got []byte
		for rest := []byte(c.Plaintext); len(rest) > 0; {
			n := min(len(rest), chunk)
			got = e.Append(got, rest[:n])
			rest = rest[n:]
		}
		if got = e.Finish(got); !bytes.Equal(got, c.Ciphertext) {
			v.failf("encrypts to %x in chunks of %d", got, chunk)
		}
	}
	if size := seal.CiphertextSize(int64(len(c.Plaintext))); size != int64(len(c.Ciphertext)) {
		v.failf("a ciphertext of %d bytes is foreseen", size)
	}
}

// decrypt decrypts a whole file in chunks of that length.
func decrypt(key, ciphertext []byte, chunk int) ([]byte, error) {
	d, err := seal.NewDecrypter(key)
	if err != nil {
		return nil, err
	}
	var plain []byte
	for rest := ciphertext; len(rest) > 0; {
		n := min(len(rest), chunk)
		plain = d.Append(plain, rest[:n])
		rest = rest[n:]
	}
	return d.Finish(plain)
}
