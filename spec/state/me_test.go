package state

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec/wire"
)

// ada is the client id of the protocol's worked example.
var ada = wire.ID{0xf3, 0x2b, 0xda, 0x4a, 0xee, 0x87, 0x43, 0xe7, 0x91, 0x35, 0x2f, 0xdf, 0x31, 0x1c, 0xee, 0x77}

const adaHex = "f32bda4aee8743e791352fdf311cee77"

func TestParseMeInfo(t *testing.T) {
	key := bytes.Repeat([]byte{0x30, 0x82, 0x02}, 211)
	head := "Ada\n" + adaHex + "\n"
	for name, text := range map[string]string{
		"one line":                  head + broken(key, 10000, ""),
		"one line and a newline":    head + broken(key, 10000, "\n"),
		"lines of 64":               head + broken(key, 64, "\n"),
		"lines of 72, CRLF":         strings.ReplaceAll(head, "\n", "\r\n") + broken(key, 72, "\r\n"),
		"lines of 76, blanks after": "Ada  \n" + adaHex + "\t\n" + broken(key, 76, "  \n"),
		"lines of 7":                head + broken(key, 7, "\n"),
		"empty lines about":         head + "\n" + broken(key, 72, "\n\n") + "\n\n",
		"upper-case id":             "Ada\n" + strings.ToUpper(adaHex) + "\n" + broken(key, 72, "\n"),
	} {
		m, err := ParseMeInfo([]byte(text))
		if err != nil || m.Name != "Ada" || m.Client != ada || !bytes.Equal(m.PrivateKey, key) {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
	for _, text := range []string{"Ada\n" + adaHex, head, "Ada\r\n" + adaHex + "\r\n\r\n"} {
		m, err := ParseMeInfo([]byte(text))
		if err != nil || m.Name != "Ada" || m.Client != ada || m.PrivateKey != nil {
			t.Errorf("two lines %q: %+v, %v", text, m, err)
		}
	}
}

func TestParseMeInfoRefuses(t *testing.T) {
	const anew = "or delete the file to register anew (CFG-3)"
	for text, want := range map[string]string{
		"\n":                                "me.info: the file is empty: write a line each for name, id and private key, " + anew,
		"\n" + adaHex:                       "me.info line 1: the name is missing: write the client's name here (CFG-3)",
		"Ad\xe1\n" + adaHex:                 "me.info line 1: byte 3 of the name is 0xe1: write the name in printable ASCII (CFG-3)",
		strings.Repeat("n", 255) + "\nx":    "me.info line 1: the name has 255 characters: shorten it to 254 (CFG-3)",
		"Ada":                               "me.info line 2: the id is missing: write 32 hexadecimal digits, " + anew,
		"Ada\n\n" + adaHex:                  "me.info line 2: a client id has 32 hex digits, this has 0 characters: write 32 hexadecimal digits, " + anew,
		"Ada\n" + adaHex[1:]:                "me.info line 2: a client id has 32 hex digits, this has 31 characters: write 32 hexadecimal digits, " + anew,
		"Ada\ng" + adaHex[1:]:               "me.info line 2: client id: encoding/hex: invalid byte: U+0067 'g': write 32 hexadecimal digits, " + anew,
		"Ada\n" + adaHex + "\nMIIC\nMI-C\n": "me.info line 4: the private key is not base64: restore it, " + anew,
		"Ada\n" + adaHex + "\nMII":          "me.info line 3: the private key is not base64: restore it, " + anew,
		"Ada\n" + adaHex + "\nMII=\nMIIC":   "me.info line 4: the private key is not base64: restore it, " + anew,
		"Ada\n" + adaHex + "\n\n\nMI IC":    "me.info line 5: the private key is not base64: restore it, " + anew,
	} {
		_, err := ParseMeInfo([]byte(text))
		wantError(t, err, want)
	}
	wantTooLarge(t, func(text []byte) error { _, err := ParseMeInfo(text); return err }, []byte("Ada\n"+adaHex))
}

func TestFormatMeInfo(t *testing.T) {
	m := MeInfo{Name: "Ada", Client: ada, PrivateKey: []byte{0x30, 0x82, 0x02, 0x75}}
	if got := string(m.Format()); got != "Ada\n"+adaHex+"\nMIICdQ==" {
		t.Errorf("%q", got)
	}
	m.PrivateKey = nil
	if got := string(m.Format()); got != "Ada\n"+adaHex {
		t.Errorf("without a key: %q", got)
	}
}

func FuzzParseMeInfo(f *testing.F) {
	f.Add([]byte("Ada\n" + adaHex + "\nMIICdQ==\n"))
	f.Add([]byte("Ada\r\n" + strings.ToUpper(adaHex) + "\r\nMI\r\nIC\r\n"))
	f.Add([]byte("Ada\n" + adaHex))
	f.Add([]byte("Ada\n" + adaHex[1:] + "\nMI-C"))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := ParseMeInfo(text)
		if err != nil {
			return
		}
		again, err := ParseMeInfo(m.Format())
		if err != nil || again.Name != m.Name || again.Client != m.Client || !bytes.Equal(again.PrivateKey, m.PrivateKey) {
			t.Errorf("%+v was written and read as %+v, %v", m, again, err)
		}
	})
}
