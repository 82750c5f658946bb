package seal

import (
	"errors"
	"fmt"
)

// Clauses that the errors of this package name.
const (
	clausePublicKey  = "KEY-1"  // RSA-1024, 160 bytes
	clauseKeySize    = "KEY-3"  // the length of an AES key
	clauseUnwrap     = "SEC-4"  // a key that does not unwrap, or to a wrong length
	clauseCiphertext = "FIL-13" // a ciphertext that is cut off or wrongly padded
)

// KeyError reports a key, RSA or AES, plain or wrapped, that the protocol does
// not allow. It names lengths and reasons, never bytes of the key.
type KeyError struct {
	Clause string // the clause that the key breaks: KEY-1, KEY-3 or SEC-4
	Err    error  // what is wrong with it
}

// Error returns the clause and what is wrong, on one line.
func (e *KeyError) Error() string { return e.Clause + ": " + e.Err.Error() }

// Unwrap returns what is wrong.
func (e *KeyError) Unwrap() error { return e.Err }

// keyErrorf makes a KeyError with a text formatted as by fmt.Errorf.
func keyErrorf(clause, format string, args ...any) *KeyError {
	return &KeyError{Clause: clause, Err: fmt.Errorf(format, args...)}
}

// CiphertextError reports a ciphertext that decrypts to no file.
type CiphertextError struct {
	Clause string // the clause that the ciphertext breaks: FIL-13
	Err    error  // ErrPartialBlock or ErrPadding
}

// Error returns the clause and what is wrong, on one line.
func (e *CiphertextError) Error() string { return e.Clause + ": " + e.Err.Error() }

// Unwrap returns what is wrong.
func (e *CiphertextError) Unwrap() error { return e.Err }

// Causes of a CiphertextError.
var (
	// ErrPartialBlock: a ciphertext has at least one block of 16 bytes, and whole ones only.
	ErrPartialBlock = errors.New("ciphertext is empty or no multiple of 16 bytes")
	// ErrPadding: the last block ends in n bytes of value n, for an n of 1 to 16.
	ErrPadding = errors.New("ciphertext does not end in PKCS#7 padding: wrong key, or not the whole file")
)
