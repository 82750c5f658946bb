package state

import (
	"bytes"
	"encoding/asn1"
	"encoding/base64"
)

var privateKeyFile = file{"priv.key", "CFG-4"}

// ParsePrivateKeyFile reads priv.key: base64 on one line or broken over several
// (CFG-7), or the bare DER, which is met in the wild. It returns the bytes of
// the key; of those in base64 it is not judged what they are. Anything else is
// an *Error.
func ParsePrivateKeyFile(text []byte) ([]byte, error) {
	const want = "the private key in base64"
	if err := privateKeyFile.checkSize(text, want); err != nil {
		return nil, err
	}
	// Base64 first: a text in base64 can look like a short DER, but no private
	// key in DER looks like base64.
	key, faulty, err := decodeBase64(lines(text))
	switch {
	case err == nil:
		return key, nil
	case isDER(text):
		return bytes.Clone(text), nil
	}
	return nil, privateKeyFile.errorf(1+faulty, "neither base64 nor DER: write %s", want)
}

// isDER says whether data is one DER SEQUENCE from beginning to end, as every
// form of private key is.
func isDER(data []byte) bool {
	var outer asn1.RawValue
	rest, err := asn1.Unmarshal(data, &outer)
	return err == nil && len(rest) == 0 && outer.Tag == asn1.TagSequence && outer.IsCompound
}

// FormatPrivateKeyFile returns the text of priv.key: base64 on one line (CFG-7).
func FormatPrivateKeyFile(key []byte) []byte {
	return base64.StdEncoding.AppendEncode(nil, key)
}
