package state

import (
	"bytes"
	"testing"
)

func TestParsePrivateKeyFile(t *testing.T) {
	der := append([]byte{0x30, 0x82, 0x02, 0x75}, bytes.Repeat([]byte{0xa5}, 0x275)...)
	for name, text := range map[string]string{
		"one line":          broken(der, 10000, ""),
		"lines of 64":       broken(der, 64, "\n"),
		"lines of 72, CRLF": broken(der, 72, "\r\n"),
		"blanks about":      " \n" + broken(der, 76, " \n") + "\n",
		"bare DER":          string(der),
	} {
		if got, err := ParsePrivateKeyFile([]byte(text)); err != nil || !bytes.Equal(got, der) {
			t.Errorf("%s: %x, %v", name, got, err)
		}
	}
}

func TestParsePrivateKeyFileRefuses(t *testing.T) {
	const neither = "neither base64 nor DER: write the private key in base64 (CFG-4)"
	for text, want := range map[string]string{
		"":                                 "priv.key: the file is empty: write the private key in base64 (CFG-4)",
		"\n \n":                            "priv.key: the file is empty: write the private key in base64 (CFG-4)",
		"-----BEGIN PRIVATE KEY-----":      "priv.key line 1: " + neither,
		"MIIC\nMI*C":                       "priv.key line 2: " + neither,
		"MII":                              "priv.key line 1: " + neither,
		"\x30\x03\x02\x01":                 "priv.key line 1: " + neither, // DER cut short
		"\x30\x03\x02\x01\x11\x00":         "priv.key line 1: " + neither, // and with a byte too many
		"\x04\x03\x02\x01\x11":             "priv.key line 1: " + neither, // no SEQUENCE
		"\x30\x84\xff\xff\xff\xff\x02\x01": "priv.key line 1: " + neither,
	} {
		_, err := ParsePrivateKeyFile([]byte(text))
		wantError(t, err, want)
	}
	wantTooLarge(t, func(text []byte) error { _, err := ParsePrivateKeyFile(text); return err }, []byte("MIIC"))
}

func TestParsePrivateKeyFileLeavesItsInputAlone(t *testing.T) {
	text := []byte("\x30\x03\x02\x01\x11")
	key, err := ParsePrivateKeyFile(text)
	if err != nil {
		t.Fatal(err)
	}
	key[0] = 0
	if text[0] != 0x30 {
		t.Error("the key is a part of the input")
	}
}

func TestFormatPrivateKeyFile(t *testing.T) {
	if got := string(FormatPrivateKeyFile([]byte{0x30, 0x82, 0x02, 0x75})); got != "MIICdQ==" {
		t.Errorf("%q", got)
	}
}

func FuzzParsePrivateKeyFile(f *testing.F) {
	f.Add([]byte("MIICdQ==\n"))
	f.Add([]byte("MI\r\nIC\r\n"))
	f.Add([]byte("\x30\x03\x02\x01\x11"))
	f.Add([]byte("0B" + string(bytes.Repeat([]byte("A"), 66)))) // base64 that looks like DER
	f.Fuzz(func(t *testing.T, text []byte) {
		key, err := ParsePrivateKeyFile(text)
		if err != nil {
			return
		}
		if again, err := ParsePrivateKeyFile(FormatPrivateKeyFile(key)); err != nil || !bytes.Equal(again, key) {
			t.Errorf("%x was written and read as %x, %v", key, again, err)
		}
	})
}
