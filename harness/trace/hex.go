package trace

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// HexReader returns a reader of bytes that someone wrote down in hexadecimal, each
// line's as soon as it has come from r. The digits may be of either case and
// grouped as one likes by white space, colons and commas; a group may begin with
// 0x. The error is that of r, or names the line and the group; a line of more
// than 512 MiB is one too.
func HexReader(r io.Reader) io.Reader {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLive)
	return &hexReader{lines: lines}
}

type hexReader struct {
	lines  *bufio.Scanner
	number int    // of the last line
	rest   []byte // of its bytes
	err    error
}

// Read returns bytes of at most one line.
func (h *hexReader) Read(p []byte) (int, error) {
	for len(h.rest) == 0 && h.err == nil {
		h.line()
	}
	if len(h.rest) == 0 {
		return 0, h.err
	}
	n := copy(p, h.rest)
	h.rest = h.rest[n:]
	return n, nil
}

func (h *hexReader) line() {
	if !h.lines.Scan() {
		if h.err = h.lines.Err(); h.err == nil {
			h.err = io.EOF
		}
		return
	}
	h.number++
	for _, group := range strings.FieldsFunc(h.lines.Text(), isSeparator) {
		digits := strings.TrimPrefix(strings.TrimPrefix(group, "0x"), "0X")
		part, err := hex.DecodeString(digits)
		if err != nil {
			h.err = fmt.Errorf("line %d: %.40q is not hexadecimal, two digits to a byte", h.number, group)
			return
		}
		h.rest = append(h.rest, part...)
	}
}

func isSeparator(r rune) bool { return unicode.IsSpace(r) || r == ':' || r == ',' }
