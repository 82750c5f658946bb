package state

import (
	"encoding/base64"
	"strings"

	"github.com/xferspec/xferspec/spec/wire"
)

var meInfo = file{"me.info", "CFG-3"}

// MeInfo is the content of me.info: who a client is (CFG-3).
type MeInfo struct {
	Name       string  // as registered, 1 to 254 characters of printable ASCII
	Client     wire.ID // from the server
	PrivateKey []byte  // what the base64 holds, usually DER; nil in a file of two lines
}

// ParseMeInfo reads me.info: the name, the id in 32 hexadecimal digits of
// either case, then the private key in base64, on one line or broken over
// several. The key may be missing, and is then nil: it is in priv.key. Blanks
// and carriage returns at the end of a line are ignored, empty lines within or
// after the key too. What the key is, is not judged. Anything else is an *Error.
func ParseMeInfo(text []byte) (MeInfo, error) {
	if err := meInfo.checkSize(text, "a line each for name, id and private key, or delete the file to register anew"); err != nil {
		return MeInfo{}, err
	}
	all := lines(text)
	m := MeInfo{Name: all[0]}
	if reason := checkName(m.Name, wire.MaxText); reason != "" {
		return MeInfo{}, meInfo.errorf(1, "%s", reason)
	}
	if len(all) < 2 {
		return MeInfo{}, meInfo.errorf(2, "the id is missing: write 32 hexadecimal digits, or delete the file to register anew")
	}
	var err error
	if m.Client, err = wire.ParseID(all[1]); err != nil {
		return MeInfo{}, meInfo.errorf(2, "%v: write 32 hexadecimal digits, or delete the file to register anew", err)
	}
	key, faulty, err := decodeBase64(all[2:])
	if err != nil {
		return MeInfo{}, meInfo.errorf(3+faulty, "the private key is not base64: restore it, or delete the file to register anew")
	}
	if len(key) > 0 {
		m.PrivateKey = key
	}
	return m, nil
}

// Format returns the text of me.info with the key on one line, or of two lines
// where there is no key; the fields are not checked.
func (m MeInfo) Format() []byte {
	parts := []string{m.Name, m.Client.String()}
	if len(m.PrivateKey) > 0 {
		parts = append(parts, base64.StdEncoding.EncodeToString(m.PrivateKey))
	}
	return []byte(strings.Join(parts, "\n"))
}
