package trace

import (
	"crypto/aes"
	"encoding/hex"
	"fmt"

	"github.com/xferspec/xferspec/spec/seal"
)

// Secrets are the keys of a conversation. With them, whoever has the recording
// can read the files in it: they are to be set only where somebody asked for it.
type Secrets struct {
	PrivateKey Key   `json:"privateKey,omitzero"` // the client's RSA key in DER; nil if it is not known
	AESKeys    []Key `json:"aesKeys,omitzero"`    // in the order in which the server handed them out; may be fewer than it did
}

// Key is a secret key. Files have it as hexadecimal digits.
type Key []byte

// MarshalText returns two digits for each byte.
func (k Key) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, k), nil }

// UnmarshalText reads what MarshalText writes, and digits of either case.
func (k *Key) UnmarshalText(text []byte) error {
	b, err := hex.AppendDecode(nil, text)
	if err != nil {
		return fmt.Errorf("a key is not hexadecimal: %w", err)
	}
	*k = b
	return nil
}

// check says what in s cannot be a key of the protocol.
func (s *Secrets) check() error {
	if s == nil {
		return nil
	}
	if len(s.PrivateKey) > 0 {
		if _, err := seal.ParsePrivateKey(s.PrivateKey); err != nil {
			return fmt.Errorf("the private key: %w", err)
		}
	}
	for _, key := range s.AESKeys {
		if _, err := aes.NewCipher(key); err != nil {
			return fmt.Errorf("an AES key: %w", err)
		}
	}
	return nil
}

// unwrap returns the key of size bytes that the server handed out as the nth,
// from 0, in an answer with the wrapped key; nil if it is not known.
func (s *Secrets) unwrap(n int, wrapped []byte, size int) Key {
	if n < len(s.AESKeys) {
		return s.AESKeys[n]
	}
	priv, err := seal.ParsePrivateKey(s.PrivateKey)
	if err != nil {
		return nil
	}
	key, err := seal.Unwrap(priv, wrapped, size)
	if err != nil {
		return nil
	}
	return key
}
