package wire

import (
	"bytes"
	"strings"
	"testing"
)

// withName returns a registration whose text field has these bytes.
func withName(t *testing.T, field []byte) []byte {
	t.Helper()
	frame := mustEncode(t, edition(t, "2024a"), &Register{})
	copy(frame[RequestHeaderSize:], field)
	return frame
}

func TestTextFieldIsReadToItsFirstNUL(t *testing.T) {
	for name, row := range map[string]struct {
		field []byte
		want  string
	}{
		"empty":           {[]byte{}, ""},
		"254 bytes":       {bytes.Repeat([]byte("n"), 254), strings.Repeat("n", 254)},
		"all printable":   {[]byte(" !~"), " !~"},
		"junk behind":     {[]byte("Ada\x00\xff\xfejunk\x00more"), "Ada"},
		"junk to the end": {append([]byte("Ada\x00"), bytes.Repeat([]byte{0xee}, 251)...), "Ada"},
		"only junk":       {[]byte("\x00junk"), ""},
	} {
		_, m, err := DecodeRequest(edition(t, "2024a"), withName(t, row.field))
		if err != nil || m.(*Register).Name != row.want {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

func TestTextFieldIsRefused(t *testing.T) {
	for name, row := range map[string]struct {
		field  []byte
		clause string
		offset int
	}{
		"no NUL":          {bytes.Repeat([]byte("n"), 255), "FRM-8", 23},
		"a byte too high": {[]byte("Ad\xc3\xa1"), "FRM-11", 25},
		"DEL":             {[]byte("\x7f"), "FRM-11", 23},
		"a line feed":     {append(bytes.Repeat([]byte("n"), 253), '\n'), "FRM-11", 276},
		"a tab":           {[]byte("A\tda"), "FRM-11", 24},
	} {
		t.Run(name, func(t *testing.T) {
			ed, frame := edition(t, "2024a"), withName(t, row.field)
			_, _, err := DecodeRequest(ed, frame)
			wantError(t, err, row.clause, "name", row.offset)
			_, _, err = NewRequestReader(bytes.NewReader(frame), ed, 0).Next()
			wantError(t, err, row.clause, "name", row.offset)
		})
	}
}

func TestTextOfAFileIsAfterItsNumbers(t *testing.T) {
	ed := edition(t, "2024a")
	frame := mustEncode(t, ed, &File{Name: "wire.txt"})
	frame[35+4] = '\n'
	_, _, err := DecodeRequest(ed, frame)
	wantError(t, err, "FRM-11", "file name", 39)
}

func TestTextThatIsNotSent(t *testing.T) {
	ed := edition(t, "2024a")
	if _, err := AppendRequest(nil, ed, ada, &Login{strings.Repeat("n", 254)}); err != nil {
		t.Errorf("254 bytes are refused: %v", err)
	}
	for _, row := range []struct {
		text, clause string
		offset       int
	}{
		{strings.Repeat("n", 255), "FRM-8", 23},
		{strings.Repeat("n", 10000), "FRM-8", 23},
		{"Ad\u00e1", "FRM-11", 25},
		{"A\x00da", "FRM-11", 24},
		{"Ada\n", "FRM-11", 26},
	} {
		dst := []byte("before")
		got, err := AppendRequest(dst, ed, ada, &Login{row.text})
		wantError(t, err, row.clause, "name", row.offset)
		if string(got) != "before" {
			t.Errorf("%q: dst came back as %q", row.text, got)
		}
	}
	_, err := AppendResponse(nil, ed, &FileReceived{Name: "\x80"})
	wantError(t, err, "FRM-11", "file name", 27)
}
