package seal_test

import (
	"bytes"
	"crypto/rsa"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec/seal"
)

// oaep are the options of openssl pkeyutl for the protocol's wrapping. An empty
// label is its default.
var oaep = []string{
	"-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha1", "-pkeyopt", "rsa_mgf1_md:sha1",
}

func TestNewKey(t *testing.T) {
	for _, bits := range []int{128, 192, 256} {
		key := must(t)(seal.NewKey(bits))
		if len(key)*8 != bits {
			t.Errorf("%d bits, want %d", len(key)*8, bits)
		}
		if bytes.Equal(key, must(t)(seal.NewKey(bits))) {
			t.Errorf("the same key of %d bits twice", bits)
		}
	}
	for _, bits := range []int{-128, 0, 1, 127, 129, 512} {
		_, err := seal.NewKey(bits)
		wantKeyError(t, err, "KEY-3")
	}
}

// KEY-2: what Wrap makes, Unwrap and openssl open, and the other way round.
func TestWrap(t *testing.T) {
	private := fixedKey(t)
	public := file(t, publicDER(t))
	for _, bits := range []int{128, 256} {
		t.Run(fmt.Sprint(bits), func(t *testing.T) {
			key := must(t)(seal.NewKey(bits))
			wrapped := must(t)(seal.Wrap(&private.PublicKey, key))
			if len(wrapped) != seal.WrappedSize {
				t.Errorf("wrapped key of %d bytes, want 128", len(wrapped))
			}
			if got := must(t)(seal.Unwrap(private, wrapped, bits/8)); !bytes.Equal(got, key) {
				t.Error("Unwrap: another key")
			}
			decrypt := append([]string{"pkeyutl", "-decrypt", "-inkey", keyFile}, oaep...)
			if got := openssl(t, wrapped, decrypt...); !bytes.Equal(got, key) {
				t.Error("openssl unwraps another key")
			}
			encrypt := append([]string{"pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", public}, oaep...)
			foreign := openssl(t, key, encrypt...)
			if got := must(t)(seal.Unwrap(private, foreign, bits/8)); !bytes.Equal(got, key) {
				t.Error("Unwrap of openssl's: another key")
			}
			if bytes.Equal(wrapped, must(t)(seal.Wrap(&private.PublicKey, key))) {
				t.Error("a key is wrapped to the same bytes twice")
			}
		})
	}
}

func TestWrapRefuses(t *testing.T) {
	pub := &fixedKey(t).PublicKey
	large := int64(1)<<31 + 1
	for _, exponent := range []int{-17, 1, 2, int(large)} {
		_, err := seal.Wrap(&rsa.PublicKey{N: pub.N, E: exponent}, make([]byte, 32))
		wantKeyError(t, err, "KEY-1")
	}
	must(t)(seal.Wrap(pub, make([]byte, 86)))
	_, err := seal.Wrap(pub, make([]byte, 87))
	wantKeyError(t, err, "KEY-3")
	if !errors.Is(err, rsa.ErrMessageTooLong) {
		t.Errorf("error %v, want one that wraps ErrMessageTooLong", err)
	}
}

// SEC-4: each wrong wrapped key gives an error, no key, and an error that shows
// nothing of the key.
func TestUnwrapRefuses(t *testing.T) {
	private := fixedKey(t)
	other, err := seal.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	key := must(t)(seal.NewKey(256))
	good := must(t)(seal.Wrap(&private.PublicKey, key))
	flipped := bytes.Clone(good)
	flipped[127] ^= 1
	public := file(t, publicDER(t))
	foreign := func(options ...string) []byte {
		args := []string{"pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", public}
		return openssl(t, key, append(args, options...)...)
	}
	tests := []struct {
		name    string
		wrapped []byte
		size    int
	}{
		{"nothing", nil, 32},
		{"zeros", make([]byte, 128), 32},
		{"above the modulus", bytes.Repeat([]byte{0xff}, 128), 32},
		{"a byte less", good[:127], 32},
		{"a leading zero dropped", withLeadingZero(t, &private.PublicKey, key)[1:], 32},
		{"a byte more", append(bytes.Clone(good), 0), 32},
		{"a bit changed", flipped, 32},
		{"under another key", must(t)(seal.Wrap(&other.PublicKey, key)), 32},
		{"longer than the edition's", good, 16},
		{"shorter than the edition's", must(t)(seal.Wrap(&private.PublicKey, key[:16])), 32},
		{"empty", must(t)(seal.Wrap(&private.PublicKey, nil)), 32},
		{"PKCS#1 v1.5", foreign("-pkeyopt", "rsa_padding_mode:pkcs1"), 32},
		{"SHA-256", foreign("-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256"), 32},
		{"MGF1 with SHA-256", foreign(append(oaep[:4:4], "-pkeyopt", "rsa_mgf1_md:sha256")...), 32},
		{"a label", foreign(append(oaep[:6:6], "-pkeyopt", "rsa_oaep_label:78")...), 32},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := seal.Unwrap(private, tt.wrapped, tt.size)
			wantKeyError(t, err, "SEC-4")
			if got != nil {
				t.Errorf("a key of %d bytes came back with the error", len(got))
			}
			decimal := fmt.Sprintf("%d", key[:4])
			for _, secret := range []string{string(key[:4]), hex.EncodeToString(key[:4]), strings.Trim(decimal, "[]")} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("error %q shows the key", err)
				}
			}
		})
	}
}

// withLeadingZero wraps key until the result starts with a zero byte. Without that
// byte it is the same number, which the standard library would decrypt.
func withLeadingZero(t *testing.T, pub *rsa.PublicKey, key []byte) []byte {
	t.Helper()
	for range 100_000 {
		if wrapped := must(t)(seal.Wrap(pub, key)); wrapped[0] == 0 {
			return wrapped
		}
	}
	t.Fatal("no wrapped key of 100000 starts with a zero byte")
	return nil
}
