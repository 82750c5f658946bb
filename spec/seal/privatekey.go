package seal

import (
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
)

// maxPrivateKeySize bounds the DER of a private key, about 635 bytes for
// RSA-1024, so that a wrong file costs no long arithmetic. It leaves room for
// larger RSA keys, which are then refused by their size in bits.
const maxPrivateKeySize = 4096

// MarshalPrivateKey returns priv as PKCS#8 DER, about 635 bytes. A key that is
// inconsistent or not RSA-1024 gives a *KeyError (KEY-1).
func MarshalPrivateKey(priv *rsa.PrivateKey) ([]byte, error) {
	if err := checkPrivateKey(priv); err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(priv)
	if err != nil {
		return nil, keyErrorf(clausePublicKey, "encode the private key: %w", err)
	}
	return der, nil
}

// ParsePrivateKey reads an RSA-1024 private key in DER: PKCS#8, which
// MarshalPrivateKey and Crypto++ write, or the PKCS#1 inside it, which some
// clients keep. What is neither, inconsistent or of another size gives a *KeyError
// (KEY-1). Any exponent will do here: the key need not be sent any more.
func ParsePrivateKey(der []byte) (*rsa.PrivateKey, error) {
	if len(der) > maxPrivateKeySize {
		return nil, keyErrorf(clausePublicKey, "private key of %d bytes, RSA-%d takes about 635", len(der), modulusBits)
	}
	pkcs1, err := unwrapPKCS8(der)
	if err != nil {
		return nil, keyErrorf(clausePublicKey, "private key in PKCS#8: %w", err)
	}
	priv, err := x509.ParsePKCS1PrivateKey(pkcs1)
	if err != nil {
		return nil, keyErrorf(clausePublicKey, "no private key of RSA in PKCS#8 or PKCS#1 DER: %w", err)
	}
	if err := checkPrivateKey(priv); err != nil {
		return nil, err
	}
	return priv, nil
}

// unwrapPKCS8 returns the PKCS#1 inside der, or der itself when it has not the
// form of PKCS#8. x509.ParsePKCS8PrivateKey would accept bytes after the key, and
// does not tell a PKCS#1 key from a broken PKCS#8 one.
func unwrapPKCS8(der []byte) ([]byte, error) {
	var info struct {
		Version   int
		Algorithm pkix.AlgorithmIdentifier
		Key       []byte
	}
	rest, err := asn1.Unmarshal(der, &info)
	switch {
	case err != nil:
		return der, nil //nolint:nilerr // what is no PKCS#8 may be PKCS#1
	case len(rest) > 0:
		return nil, errors.New("bytes follow the key")
	case !info.Algorithm.Algorithm.Equal(rsaEncryption):
		return nil, errors.New("the key is not RSA")
	}
	return info.Key, nil
}

// rsaEncryption is the object identifier of an RSA key (RFC 8017, appendix C).
var rsaEncryption = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}

// checkPrivateKey refuses what is no consistent RSA-1024 key of two factors.
// Validate asks only that the modulus divides their product, and so passes an even
// factor, with which crypto/rsa panics when it decrypts.
func checkPrivateKey(priv *rsa.PrivateKey) error {
	if err := checkPublicKey(&priv.PublicKey); err != nil {
		return err
	}
	if err := priv.Validate(); err != nil {
		return keyErrorf(clausePublicKey, "private key is inconsistent: %w", err)
	}
	if len(priv.Primes) != 2 {
		return keyErrorf(clausePublicKey, "private key with %d prime factors, must be 2", len(priv.Primes))
	}
	if new(big.Int).Mul(priv.Primes[0], priv.Primes[1]).Cmp(priv.N) != 0 {
		return keyErrorf(clausePublicKey, "private key is inconsistent: its factors do not make its modulus")
	}
	return nil
}
