package trace

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestHexReader(t *testing.T) {
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
		if got, err := io.ReadAll(HexReader(strings.NewReader(test.text))); err != nil || !bytes.Equal(got, test.want) {
			t.Errorf("%q: %x, %v", test.text, got, err)
		}
	}
}

func TestHexReaderRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"00\nab c":   `line 2: "c"`,
		"00 gg":      `line 1: "gg"`,
		"\x1b[2J":    `line 1: "\x1b[2J"`,
		"000x00":     `line 1: "000x00"`,
		"\n\n\n0x 1": `line 4: "1"`,
	} {
		if _, err := io.ReadAll(HexReader(strings.NewReader(text))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error is %v, want %s", text, err, want)
		}
	}
}

// TestHexReaderDoesNotWait for the second line before it gives the first.
func TestHexReaderDoesNotWait(t *testing.T) {
	broken := errors.New("broken")
	r := HexReader(io.MultiReader(strings.NewReader("00 ff\nab"), failing{broken}))
	got := make([]byte, 10)
	if n, err := r.Read(got); n != 2 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	if rest, err := io.ReadAll(r); !errors.Is(err, broken) || !bytes.Equal(rest, []byte{0xab}) {
		t.Errorf("then %x, %v", rest, err)
	}
}
