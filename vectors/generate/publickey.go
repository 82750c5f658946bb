package generate

import (
	"bytes"

	"github.com/xferspec/xferspec/vectors"
)

// der is a tag, the length of the content, and the content.
func der(tag byte, parts ...[]byte) []byte {
	content := bytes.Join(parts, nil)
	if len(content) < 128 {
		return append([]byte{tag, byte(len(content))}, content...)
	}
	return append([]byte{tag, 0x81, byte(len(content))}, content...)
}

const (
	derInteger, derBitString, derNull, derOID, derSequence = 0x02, 0x03, 0x05, 0x06, 0x30

	oidRSA  = "2a864886f70d010101" // rsaEncryption
	oidPSS  = "2a864886f70d01010a" // RSASSA-PSS
	oidEC   = "2a8648ce3d0201"     // id-ecPublicKey
	oidP256 = "2a8648ce3d030107"
)

// spki is a SubjectPublicKeyInfo whose parts can each be wrong.
type spki struct {
	oid      string // in hex
	noNull   bool   // no parameters
	unused   byte   // bits of the BIT STRING
	modulus  []byte // the content of the INTEGER
	exponent []byte // the content of the INTEGER
}

// rightSPKI is that of the fixed key.
func rightSPKI() spki {
	return spki{oid: oidRSA, modulus: append([]byte{0}, modulus()...), exponent: []byte{exponent}}
}

func (k spki) pkcs1() []byte {
	return der(derSequence, der(derInteger, k.modulus), der(derInteger, k.exponent))
}

func (k spki) der() []byte {
	algorithm := [][]byte{der(derOID, unhex(k.oid)), der(derNull)}
	if k.noNull {
		algorithm = algorithm[:1]
	}
	return der(derSequence, der(derSequence, algorithm...), der(derBitString, []byte{k.unused}, k.pkcs1()))
}

// with returns the DER of the fixed key after a change to it.
func with(change func(k *spki)) []byte {
	k := rightSPKI()
	change(&k)
	return k.der()
}

// fit cuts or fills with zeros to the 160 bytes of the field.
func fit(p []byte) []byte {
	field := make([]byte, 160)
	copy(field, p)
	return field
}

func publicKeys() []vectors.PublicKey {
	list := rightKeys()
	for _, c := range wrongKeys() {
		list = append(list, vectors.PublicKey{
			Head:   vectors.Head{ID: "key-" + c.id, Comment: c.comment, Clauses: []string{"KEY-1", "KEY-5"}},
			Breaks: "KEY-1", SPKI: c.bytes,
		})
	}
	return list
}

func rightKeys() []vectors.PublicKey {
	head := func(id, comment string) vectors.Head {
		return vectors.Head{ID: "key-" + id, Comment: comment, Clauses: []string{"KEY-1", "KEY-2"}}
	}
	list := []vectors.PublicKey{{
		Head: head("rsa-1024-e17", "the key of the worked example, with its private half"),
		SPKI: rightSPKI().der(), Modulus: modulus(), Exponent: exponent, PKCS8: privateKey(),
	}}
	for _, e := range []struct {
		exponent    byte
		id, comment string
	}{
		{5, "exponent-5", "the same modulus with the exponent 5: another exponent of one byte is still a key"},
		{127, "exponent-127", "the largest exponent that takes one byte in DER"},
	} {
		list = append(list, vectors.PublicKey{
			Head:    head(e.id, e.comment),
			SPKI:    with(func(k *spki) { k.exponent = []byte{e.exponent} }),
			Modulus: modulus(), Exponent: int(e.exponent),
		})
	}
	return list
}

// wrongKey is bytes that are no public key.
type wrongKey struct {
	id, comment string
	bytes       []byte
}

func wrongKeys() []wrongKey {
	right := rightSPKI().der()
	shorter := modulus()
	shorter[0] &= 0x7f // 1023 bits: no zero in front
	point := der(derSequence,
		der(derSequence, der(derOID, unhex(oidEC)), der(derOID, unhex(oidP256))),
		der(derBitString, []byte{0, 4}, random("P-256 point", 64)))
	return []wrongKey{
		{"exponent-65537", "the usual exponent makes 162 bytes, which cannot be sent", longKey()},
		{"cut-by-one", "the last byte is missing", right[:159]},
		{"one-byte-more", "a byte follows the key", append(bytes.Clone(right), 0)},
		{"exponent-65537-cut", "162 bytes cut to the field: the exponent is lost", longKey()[:160]},
		{"empty", "no bytes", []byte{}},
		{"zeros", "160 zero bytes", fit(nil)},
		{"random", "160 random bytes", random("no public key", 160)},
		{"text", "PEM, cut to the field", fit([]byte("-----BEGIN PUBLIC KEY-----\nMIGdMA0GCSqGSIb3DQEBAQUAA4GLADCBhwKBgQDUuBvbqD5Sh2u/klXwhfEfM")[:88])},
		{"base64", "base64 of the key, cut to the field", []byte(base64Text(right, 0))[:160]},
		{"pkcs1", "PKCS#1 without the frame of X.509, filled with zeros", fit(rightSPKI().pkcs1())},
		{"pkcs8", "the first 160 bytes of the private key", privateKey()[:160]},
		{"modulus-raw", "the modulus alone, filled with zeros", fit(modulus())},
		{"modulus-1023-bits", "an RSA key of 1023 bits, which with an exponent of two bytes has 160 too", with(func(k *spki) {
			k.modulus, k.exponent = shorter, []byte{1, 1}
		})},
		{"modulus-1031-bits", "an RSA key of 1031 bits, which has 160 bytes too", with(func(k *spki) {
			k.modulus = append([]byte{0x7f}, modulus()...)
		})},
		{"modulus-negative", "an INTEGER that lacks its leading zero is negative", fit(with(func(k *spki) { k.modulus = modulus() }))},
		{"exponent-zero", "no RSA key has the exponent 0", with(func(k *spki) { k.exponent = []byte{0} })},
		{"exponent-one", "with the exponent 1 nothing is encrypted", with(func(k *spki) { k.exponent = []byte{1} })},
		{"exponent-negative", "the exponent as a negative INTEGER", with(func(k *spki) { k.exponent = []byte{0x91} })},
		{"oid-pss", "the key is marked as one for RSASSA-PSS signatures", with(func(k *spki) { k.oid = oidPSS })},
		{"oid-unknown", "the key is marked as of no known algorithm", with(func(k *spki) { k.oid = "2a864886f70d01017f" })},
		{"ec-p256", "a key on the curve P-256, filled with zeros", fit(point)},
		{"wrong-tag", "a SET where the outer SEQUENCE belongs", append([]byte{0x31}, right[1:]...)},
		{"wrong-length", "the outer SEQUENCE claims one byte more than there is", append([]byte{0x30, 0x81, 0x9e}, right[3:]...)},
	}
}

// longKey is the public key with the exponent 65537: 162 bytes.
func longKey() []byte {
	return with(func(k *spki) { k.exponent = []byte{1, 0, 1} })
}
