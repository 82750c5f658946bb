package seal

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
)

// WrappedSize is the length in bytes of a key wrapped under RSA-1024.
const WrappedSize = modulusBits / 8

// NewKey returns a random AES key of 128, 192 or 256 bits, as bytes. Another size
// gives a *KeyError (KEY-3). The editions use 128 and 256.
func NewKey(bits int) ([]byte, error) {
	switch bits {
	case 128, 192, 256:
	default:
		return nil, keyErrorf(clauseKeySize, "AES key of %d bits, must be 128, 192 or 256", bits)
	}
	key := make([]byte, bits/8)
	rand.Read(key) // never fails: without randomness it ends the program
	return key, nil
}

// Wrap encrypts an AES key under pub: RSAES-OAEP with SHA-1, MGF1 with SHA-1 and an
// empty label, WrappedSize bytes, others at every call. It does not look at the
// length of key, up to the 86 bytes that fit, so that a peer can be sent a wrong
// one. An unfit pub gives a *KeyError (KEY-1), a longer key one with KEY-3.
func Wrap(pub *rsa.PublicKey, key []byte) ([]byte, error) {
	if err := checkPublicKey(pub); err != nil {
		return nil, err
	}
	wrapped, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, pub, key, nil)
	if err != nil {
		return nil, keyErrorf(clauseKeySize, "wrap an AES key of %d bytes: %w", len(key), err)
	}
	return wrapped, nil
}

// Unwrap returns the AES key of keySize bytes in wrapped. A wrapped key of other
// than WrappedSize bytes, one that does not decrypt, and one that holds a key of
// another length give a *KeyError (SEC-4) and no key.
func Unwrap(priv *rsa.PrivateKey, wrapped []byte, keySize int) ([]byte, error) {
	if len(wrapped) != WrappedSize {
		return nil, keyErrorf(clauseUnwrap, "wrapped AES key of %d bytes, must be %d", len(wrapped), WrappedSize)
	}
	key, err := rsa.DecryptOAEP(sha1.New(), nil, priv, wrapped, nil)
	if err != nil {
		return nil, keyErrorf(clauseUnwrap, "unwrap the AES key: %w", err)
	}
	if len(key) != keySize {
		return nil, keyErrorf(clauseUnwrap, "unwrapped AES key of %d bytes, must be %d", len(key), keySize)
	}
	return key, nil
}
