package trace

import (
	"bytes"
	"strings"
	"testing"
)

func TestParseHex(t *testing.T) {
	tests := []struct {
		text string
		want []byte
	}{
		{"", nil},
		{" \n\t", nil},
		{"00ffAb", []byte{0, 0xff, 0xab}},
		{"00 ff\nab\r\n", []byte{0, 0xff, 0xab}},
		{"00:ff:ab", []byte{0, 0xff, 0xab}},
		{"0x00, 0Xff,\n0xabcd", []byte{0, 0xff, 0xab, 0xcd}},
	}
	for _, test := range tests {
		if got, err := ParseHex(test.text); err != nil || !bytes.Equal(got, test.want) {
			t.Errorf("%q: %x, %v", test.text, got, err)
		}
	}
}

func TestParseHexRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"00\nab c":   `line 2: "c"`,
		"00 gg":      `line 1: "gg"`,
		"\x1b[2J":    `line 1: "\x1b[2J"`,
		"000x00":     `line 1: "000x00"`,
		"\n\n\n0x 1": `line 4: "1"`,
	} {
		if _, err := ParseHex(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error is %v, want %s", text, err, want)
		}
	}
}
