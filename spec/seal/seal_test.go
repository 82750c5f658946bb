package seal_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"os"
	"testing"

	"github.com/xferspec/xferspec/spec/seal"
)

// keyFile holds an RSA-1024 key with the exponent 17, as PKCS#8 in PEM. It serves
// the tests alone.
const keyFile = "testdata/rsa1024-e17.pem"

// fixedKey returns the key in keyFile.
func fixedKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	text, err := os.ReadFile(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		t.Fatalf("%s holds no PEM block", keyFile)
	}
	key, err := seal.ParsePrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// publicDER returns the public half of the key in keyFile, as it travels.
func publicDER(t testing.TB) []byte {
	t.Helper()
	return must(t)(seal.MarshalPublicKey(&fixedKey(t).PublicKey))
}

// must returns a function that passes bytes on and fails the test on an error.
func must(t testing.TB) func([]byte, error) []byte {
	return func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

// wantKeyError fails the test unless err is a KeyError that names the clause.
func wantKeyError(t *testing.T, err error, clause string) {
	t.Helper()
	keyErr, ok := errors.AsType[*seal.KeyError](err)
	if !ok {
		t.Fatalf("error %v, want a KeyError", err)
	}
	if keyErr.Clause != clause {
		t.Errorf("%v: clause %s, want %s", err, keyErr.Clause, clause)
	}
}

// sequence returns n bytes that differ from their neighbours.
func sequence(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 7)
	}
	return b
}

// standardEncrypt is the oracle: the whole file at once, by the standard library.
func standardEncrypt(t cipherT, key, plain []byte) []byte {
	padding := aes.BlockSize - len(plain)%aes.BlockSize
	padded := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(padding)}, padding)...)
	return standardBlocks(t, key, padded)
}

// standardBlocks encrypts whole blocks as they are, so that tests can pad wrongly.
func standardBlocks(t cipherT, key, blocks []byte) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]byte, len(blocks))
	cipher.NewCBCEncrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(out, blocks)
	return out
}

// cipherT is what a *testing.T and a *rapid.T have in common here.
type cipherT interface{ Fatal(args ...any) }
