package seal

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
)

// PublicKeySize is the length in bytes of the public key on the wire: a DER
// SubjectPublicKeyInfo of an RSA-1024 key with an exponent of one byte (KEY-1).
const PublicKeySize = 160

// MarshalPublicKey returns pub as it travels: PublicKeySize bytes of DER
// SubjectPublicKeyInfo. A key that has not this form, for instance one with the
// exponent 65537, gives a *KeyError (KEY-1).
func MarshalPublicKey(pub *rsa.PublicKey) ([]byte, error) {
	if err := checkPublicKey(pub); err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return nil, keyErrorf(clausePublicKey, "encode the public key: %w", err)
	}
	if len(der) != PublicKeySize {
		return nil, keyErrorf(clausePublicKey,
			"public key takes %d bytes, must take %d: its exponent %d needs more than one byte, use %d",
			len(der), PublicKeySize, pub.E, exponent)
	}
	return der, nil
}

// ParsePublicKey reads what MarshalPublicKey writes. Everything else gives a
// *KeyError (KEY-1): another length, another kind or size of key, an encoding that
// is not DER, or numbers that cannot be an RSA key. Whatever it accepts, Wrap can
// wrap under. It cannot see whether a modulus is the product of two primes.
func ParsePublicKey(der []byte) (*rsa.PublicKey, error) {
	if len(der) != PublicKeySize {
		return nil, keyErrorf(clausePublicKey, "public key of %d bytes, must be %d", len(der), PublicKeySize)
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, keyErrorf(clausePublicKey, "public key is no DER SubjectPublicKeyInfo: %w", err)
	}
	pub, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return nil, keyErrorf(clausePublicKey, "public key of type %T, must be RSA", parsed)
	}
	// Encoding it again checks the numbers, and shows whether it was DER: x509 also
	// takes a BIT STRING that does not end with a byte.
	again, err := MarshalPublicKey(pub)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, der) {
		return nil, keyErrorf(clausePublicKey, "public key is not in the one form that DER allows")
	}
	return pub, nil
}

// checkPublicKey refuses what is no RSA-1024 key, and what crypto/rsa refuses to
// encrypt under.
func checkPublicKey(pub *rsa.PublicKey) error {
	switch size := pub.N.BitLen(); {
	case size != modulusBits:
		return keyErrorf(clausePublicKey, "RSA modulus of %d bits, must be %d", size, modulusBits)
	case pub.N.Bit(0) == 0:
		return keyErrorf(clausePublicKey, "RSA modulus is even, so no product of two large primes")
	case pub.E < 3 || pub.E%2 == 0 || pub.E > 1<<31-1:
		return keyErrorf(clausePublicKey, "RSA exponent %d, must be odd, at least 3 and below 2^31", pub.E)
	}
	return nil
}
