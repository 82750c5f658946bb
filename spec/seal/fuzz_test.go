package seal_test

import (
	"bytes"
	"crypto/x509"
	"errors"
	"testing"

	"github.com/xferspec/xferspec/spec/seal"
)

// Whatever is accepted has one encoding and can be wrapped under (KEY-1, KEY-2).
func FuzzParsePublicKey(f *testing.F) {
	good := publicDER(f)
	f.Add(good)
	f.Add(shifted(good))
	f.Add(good[:159])
	f.Add(make([]byte, 160))
	f.Fuzz(func(t *testing.T, der []byte) {
		pub, err := seal.ParsePublicKey(der)
		if err != nil {
			wantKeyError(t, err, "KEY-1")
			return
		}
		if again := must(t)(seal.MarshalPublicKey(pub)); !bytes.Equal(again, der) {
			t.Errorf("%x is encoded again as %x", der, again)
		}
		if wrapped := must(t)(seal.Wrap(pub, make([]byte, 32))); len(wrapped) != seal.WrappedSize {
			t.Errorf("wrapped key of %d bytes", len(wrapped))
		}
	})
}

// Whatever is accepted can be kept, read again and unwrapped with.
func FuzzParsePrivateKey(f *testing.F) {
	key := fixedKey(f)
	f.Add(must(f)(seal.MarshalPrivateKey(key)))
	f.Add(x509.MarshalPKCS1PrivateKey(key))
	f.Add(publicDER(f))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, der []byte) {
		priv, err := seal.ParsePrivateKey(der)
		if err != nil {
			wantKeyError(t, err, "KEY-1")
			return
		}
		again, err := seal.ParsePrivateKey(must(t)(seal.MarshalPrivateKey(priv)))
		if err != nil || !again.Equal(priv) {
			t.Errorf("written and read again: %v", err)
		}
		wrapped := must(t)(seal.Wrap(&priv.PublicKey, make([]byte, 32)))
		// A key whose factors are no primes passes, and then may not unwrap.
		if _, err := seal.Unwrap(priv, wrapped, 32); err != nil {
			wantKeyError(t, err, "SEC-4")
		}
	})
}

func FuzzUnwrap(f *testing.F) {
	priv := fixedKey(f)
	f.Add(must(f)(seal.Wrap(&priv.PublicKey, make([]byte, 32))), 32)
	f.Add(must(f)(seal.Wrap(&priv.PublicKey, nil)), 0)
	f.Add(make([]byte, 128), 16)
	f.Add([]byte{}, -1)
	f.Fuzz(func(t *testing.T, wrapped []byte, size int) {
		key, err := seal.Unwrap(priv, wrapped, size)
		if err != nil {
			wantKeyError(t, err, "SEC-4")
			return
		}
		if len(key) != size {
			t.Errorf("key of %d bytes, want %d", len(key), size)
		}
	})
}

// A ciphertext either decrypts to the one file that encrypts to it, or gives a
// CiphertextError, and how it is cut does not matter.
func FuzzDecrypter(f *testing.F) {
	key := sequence(32)
	f.Add(standardEncrypt(f, key, nil), uint8(1))
	f.Add(standardEncrypt(f, key, sequence(40)), uint8(16))
	f.Add(standardEncrypt(f, key, sequence(40))[:33], uint8(0))
	f.Add(make([]byte, 32), uint8(31))
	f.Fuzz(func(t *testing.T, ciphertext []byte, cut uint8) {
		d := newDecrypter(t, key)
		at := min(int(cut), len(ciphertext))
		plain, err := d.Finish(d.Append(d.Append(nil, ciphertext[:at]), ciphertext[at:]))
		whole, wholeErr := d.Finish(d.Append(nil, ciphertext))
		if !bytes.Equal(plain, whole) || (err == nil) != (wholeErr == nil) {
			t.Errorf("cut at %d: %x, %v; whole: %x, %v", at, plain, err, whole, wholeErr)
		}
		if err != nil {
			if _, ok := errors.AsType[*seal.CiphertextError](err); !ok {
				t.Errorf("error %v, want a CiphertextError", err)
			}
			return
		}
		if again := standardEncrypt(t, key, plain); !bytes.Equal(again, ciphertext) {
			t.Errorf("%x decrypts to %x, which encrypts to %x", ciphertext, plain, again)
		}
	})
}
