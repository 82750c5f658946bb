package seal_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"math/big"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec/seal"
)

// Offsets in the 160 bytes: a fixed head, the modulus, the head of the exponent
// and the exponent.
const (
	modulusAt  = 29
	exponentAt = 159
)

func TestPublicKeyRoundTrip(t *testing.T) {
	key := fixedKey(t)
	der := must(t)(seal.MarshalPublicKey(&key.PublicKey))
	if !bytes.Equal(der[modulusAt:modulusAt+128], key.N.Bytes()) || der[exponentAt] != 17 {
		t.Errorf("modulus and exponent are not at %d and %d of %x", modulusAt, exponentAt, der)
	}
	pub, err := seal.ParsePublicKey(der)
	if err != nil {
		t.Fatal(err)
	}
	if !pub.Equal(&key.PublicKey) {
		t.Errorf("another key came back: %v", pub)
	}
}

// KEY-1: the exponents that fit are the odd ones from 3 to 127.
func TestPublicKeyExponents(t *testing.T) {
	for e := range 256 {
		der := publicDER(t)
		der[exponentAt] = byte(e)
		pub, err := seal.ParsePublicKey(der)
		if e >= 3 && e < 128 && e%2 == 1 {
			if err != nil {
				t.Errorf("exponent %d: %v", e, err)
			} else if _, err := seal.Wrap(pub, make([]byte, 32)); err != nil {
				t.Errorf("exponent %d: Wrap: %v", e, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("exponent %d is accepted", e)
			continue
		}
		wantKeyError(t, err, "KEY-1")
	}
}

func TestMarshalPublicKeyRefuses(t *testing.T) {
	modulus := fixedKey(t).N
	odd := func(bits uint) *big.Int { return new(big.Int).SetBit(new(big.Int).Lsh(big.NewInt(1), bits-1), 0, 1) }
	tests := []struct {
		name string
		pub  rsa.PublicKey
		want string
	}{
		{"the usual exponent", rsa.PublicKey{N: modulus, E: 65537}, "takes 162 bytes, must take 160"},
		{"an exponent of two bytes", rsa.PublicKey{N: modulus, E: 129}, "takes 161 bytes, must take 160"},
		{"an even exponent", rsa.PublicKey{N: modulus, E: 16}, "exponent 16"},
		{"exponent 1", rsa.PublicKey{N: modulus, E: 1}, "exponent 1,"},
		{"a negative exponent", rsa.PublicKey{N: modulus, E: -17}, "exponent -17"},
		{"an even modulus", rsa.PublicKey{N: new(big.Int).Sub(modulus, big.NewInt(1)), E: 17}, "even"},
		{"RSA-2048", rsa.PublicKey{N: odd(2048), E: 17}, "2048 bits"},
		{"a bit less", rsa.PublicKey{N: odd(1023), E: 17}, "1023 bits"},
		// A shorter modulus and a longer exponent make 160 bytes too.
		{"160 bytes of RSA-1016", rsa.PublicKey{N: odd(1016), E: 257}, "1016 bits"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := seal.MarshalPublicKey(&tt.pub)
			wantKeyError(t, err, "KEY-1")
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q does not say %q", err, tt.want)
			}
		})
	}
}

func TestParsePublicKeyRefuses(t *testing.T) {
	good := publicDER(t)
	changed := func(at int, to byte) []byte {
		der := bytes.Clone(good)
		der[at] = to
		return der
	}
	usual, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		der  []byte
	}{
		{"nothing", nil},
		{"zeros", make([]byte, 160)},
		{"one byte less", good[:159]},
		{"a byte after the key", append(bytes.Clone(good), 0)},
		{"exponent 65537", must(t)(x509.MarshalPKIXPublicKey(&usual.PublicKey))},
		{"an elliptic curve", must(t)(x509.MarshalPKIXPublicKey(&curve.PublicKey))},
		{"PKCS#1", padded(x509.MarshalPKCS1PublicKey(&fixedKey(t).PublicKey))},
		{"another outer length", changed(2, good[2]-1)},
		{"another algorithm", changed(15, 2)},
		{"no NULL parameters", changed(16, 4)},
		{"unused bits that are set", changed(21, 1)},
		{"unused bits", shifted(good)},
		{"a negative modulus", changed(modulusAt-1, 0xff)},
		{"an even modulus", changed(modulusAt+127, 0)},
		{"a modulus of 1023 bits", changed(modulusAt, 0x7f)},
		{"an exponent of no bytes", changed(exponentAt-1, 0)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := seal.ParsePublicKey(tt.der)
			wantKeyError(t, err, "KEY-1")
		})
	}
}

// shifted returns a key that the standard library accepts although DER does not
// allow it: its BIT STRING ends in two unused bits, and starts two bits earlier.
func shifted(good []byte) []byte {
	const contentAt = 22
	content := new(big.Int).SetBytes(good[contentAt:])
	content.Lsh(content, 2)
	der := bytes.Clone(good)
	der[contentAt-1] = 2
	content.FillBytes(der[contentAt:])
	return der
}

// padded fills der to the length of the field, as a lax client would.
func padded(der []byte) []byte { return append(der, make([]byte, seal.PublicKeySize-len(der))...) }
