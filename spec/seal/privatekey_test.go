package seal_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec/seal"
)

func TestPrivateKeyRoundTrip(t *testing.T) {
	key := fixedKey(t)
	forms := map[string][]byte{
		"PKCS#8": must(t)(seal.MarshalPrivateKey(key)),
		"PKCS#1": x509.MarshalPKCS1PrivateKey(key),
	}
	for form, der := range forms {
		t.Run(form, func(t *testing.T) {
			again, err := seal.ParsePrivateKey(der)
			if err != nil {
				t.Fatal(err)
			}
			if !again.Equal(key) {
				t.Error("another key came back")
			}
		})
	}
}

// Keys as another program makes them: both forms parse, and the public half fits.
func TestParseKeysOfOpenssl(t *testing.T) {
	pkcs8 := openssl(t, nil, "genpkey", "-quiet", "-algorithm", "RSA", "-outform", "DER",
		"-pkeyopt", "rsa_keygen_bits:1024", "-pkeyopt", "rsa_keygen_pubexp:17")
	pkcs1 := openssl(t, pkcs8, "rsa", "-inform", "DER", "-outform", "DER", "-traditional")
	public := openssl(t, pkcs8, "pkey", "-inform", "DER", "-pubout", "-outform", "DER")
	for form, der := range map[string][]byte{"PKCS#8": pkcs8, "PKCS#1": pkcs1} {
		t.Run(form, func(t *testing.T) {
			key, err := seal.ParsePrivateKey(der)
			if err != nil {
				t.Fatal(err)
			}
			if got := must(t)(seal.MarshalPublicKey(&key.PublicKey)); !bytes.Equal(got, public) {
				t.Errorf("public key %x, openssl says %x", got, public)
			}
		})
	}
}

func TestParsePrivateKeyRefuses(t *testing.T) {
	key := fixedKey(t)
	pkcs1, pkcs8 := x509.MarshalPKCS1PrivateKey(key), must(t)(seal.MarshalPrivateKey(key))
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	three := openssl(t, nil, "genpkey", "-quiet", "-algorithm", "RSA", "-outform", "DER",
		"-pkeyopt", "rsa_keygen_bits:1024", "-pkeyopt", "rsa_keygen_primes:3")
	last := func(der []byte) []byte { // the CRT coefficient is changed
		der = bytes.Clone(der)
		der[len(der)-1] ^= 1
		return der
	}
	tests := []struct {
		name string
		der  []byte
		want string
	}{
		{"nothing", nil, "PKCS#8 or PKCS#1"},
		{"zeros", make([]byte, 635), "PKCS#8 or PKCS#1"},
		{"a public key", publicDER(t), "PKCS#8 or PKCS#1"},
		{"PKCS#8 cut off", pkcs8[:len(pkcs8)-1], "PKCS#8 or PKCS#1"},
		{"PKCS#1 cut off", pkcs1[:len(pkcs1)-1], "PKCS#8 or PKCS#1"},
		{"a byte after PKCS#8", append(bytes.Clone(pkcs8), 0), "bytes follow the key"},
		{"a byte after PKCS#1", append(bytes.Clone(pkcs1), 0), "trailing data"},
		{"PKCS#8 with other numbers", last(pkcs8), "CRT coefficient"},
		{"PKCS#1 with other numbers", last(pkcs1), "CRT coefficient"},
		{"RSA-2048", must(t)(x509.MarshalPKCS8PrivateKey(long)), "2048 bits"},
		{"Ed25519", must(t)(x509.MarshalPKCS8PrivateKey(edwards)), "not RSA"},
		{"three factors", three, "3 prime factors"},
		{"an even factor", evenFactorKey(t), "do not make its modulus"},
		{"a whole file", make([]byte, 1<<20), "1048576 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := seal.ParsePrivateKey(tt.der)
			wantKeyError(t, err, "KEY-1")
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q does not say %q", err, tt.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q has more than one line", err)
			}
		})
	}
}

func TestMarshalPrivateKeyRefuses(t *testing.T) {
	key := fixedKey(t)
	key.D = new(big.Int).Add(key.D, big.NewInt(2))
	_, err := seal.MarshalPrivateKey(key)
	wantKeyError(t, err, "KEY-1")
	if !strings.Contains(err.Error(), "inconsistent") {
		t.Errorf("error %q does not say that the key is inconsistent", err)
	}
}

// evenFactorKey returns a PKCS#1 key that passes Validate: its modulus is a·b·c,
// and the alleged factors are 2·a·b and c. Decryption with it panics.
func evenFactorKey(t *testing.T) []byte {
	t.Helper()
	one, e := big.NewInt(1), big.NewInt(17)
	for {
		a, b, c := prime(t, 256), prime(t, 256), prime(t, 512)
		half := new(big.Int).Mul(a, b)
		n, even := new(big.Int).Mul(half, c), new(big.Int).Lsh(half, 1)
		less1, less2 := new(big.Int).Sub(even, one), new(big.Int).Sub(c, one)
		order := new(big.Int).Mul(less1, less2)
		d := new(big.Int).ModInverse(e, order)
		if n.BitLen() != 1024 || d == nil || d.Cmp(n) >= 0 {
			continue
		}
		der, err := asn1.Marshal(struct {
			Version                   int
			N, E, D, P, Q, DP, DQ, QI *big.Int
		}{
			0, n, e, d, even, c,
			new(big.Int).Mod(d, less1), new(big.Int).Mod(d, less2), new(big.Int).ModInverse(c, even),
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := x509.ParsePKCS1PrivateKey(der); err != nil {
			t.Fatalf("the standard library refuses the key by itself: %v", err)
		}
		return der
	}
}

func prime(t *testing.T, bits int) *big.Int {
	t.Helper()
	p, err := rand.Prime(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
