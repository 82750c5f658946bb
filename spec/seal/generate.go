package seal

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"math/big"
)

const (
	modulusBits = 1024
	// exponent is the smallest usual one: it takes one byte in DER, and Crypto++,
	// which the protocol was made with, generates it.
	exponent = 17
)

var one = big.NewInt(1)

// GenerateKey makes an RSA-1024 key pair with the public exponent 17, whose
// public half takes PublicKeySize bytes (KEY-1). rsa.GenerateKey cannot: its
// exponent is always 65537.
//
// It takes some 15 ms. The error is that of a source of primes that is not
// allowed to work, as in the standard library's FIPS 140-only mode.
func GenerateKey() (*rsa.PrivateKey, error) {
	p, err := prime()
	if err != nil {
		return nil, fmt.Errorf("generate an RSA key: %w", err)
	}
	q, err := prime()
	if err != nil {
		return nil, fmt.Errorf("generate an RSA key: %w", err)
	}
	totient := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: exponent},
		D:         new(big.Int).ModInverse(big.NewInt(exponent), totient),
		Primes:    []*big.Int{p, q},
	}
	key.Precompute()
	if err := checkPrivateKey(key); err != nil {
		return nil, fmt.Errorf("generate an RSA key: %w", err)
	}
	return key, nil
}

// prime returns a random prime of half the modulus's bits. rand.Prime sets the
// two highest, so the product of two has all of the modulus's bits. As 17 is
// itself prime, it is invertible unless it divides a prime less one.
func prime() (*big.Int, error) {
	e, rest := big.NewInt(exponent), new(big.Int)
	for {
		p, err := rand.Prime(rand.Reader, modulusBits/2)
		if err != nil {
			return nil, err
		}
		if rest.Mod(p, e).Cmp(one) != 0 {
			return p, nil
		}
	}
}
