package trace

import (
	"errors"
	"fmt"
)

// Sizes in bytes of what rows show.
const (
	rowSize  = 16  // one row of hexadecimal
	dumpSize = 256 // a dump, unless all is asked for
)

// rows prints the bytes of a frame, a row for each field and what follows the
// layout as a dump.
func (p *printer) rows(f *Frame) {
	done := 0
	if !errors.Is(f.Err, ErrOutOfStep) {
		for _, field := range fieldsOf(p.ed, f) {
			if field.Offset >= len(f.Bytes) {
				break
			}
			done = min(field.Offset+field.Size, len(f.Bytes))
			b := f.Bytes[field.Offset:done]
			p.field(field.Offset, b, field.Name, value(p.ed, f, field, b))
		}
	}
	rest := f.Bytes[done:]
	if hidden := len(rest) - dumpSize; hidden > 0 && !p.full {
		p.dump(done, rest[:dumpSize])
		p.printf("%6d  … +%d\n", done+dumpSize, hidden)
		return
	}
	p.dump(done, rest)
}

// field prints one field; its bytes beyond the first row are counted, or dumped
// where all is asked for.
func (p *printer) field(offset int, b []byte, name, value string) {
	shown := min(len(b), rowSize)
	digits := fmt.Sprintf("% x", b[:shown])
	if shown < len(b) && !p.full {
		digits += fmt.Sprintf(" … +%d", len(b)-shown)
	}
	p.printf("%6d  %-55s  %-20s  %s\n", offset, digits, name, value)
	if p.full {
		p.dump(offset+shown, b[shown:])
	}
}

// dump prints rows of offset, hexadecimal and text.
func (p *printer) dump(offset int, b []byte) {
	for begin := 0; begin < len(b); begin += rowSize {
		row := b[begin:min(begin+rowSize, len(b))]
		p.printf("%6d  %-55s  |%s|\n", offset+begin, fmt.Sprintf("% x", row), visible(row))
	}
}

// visible shows printable ASCII as it is and a dot for everything else.
func visible(b []byte) string {
	text := make([]byte, len(b))
	for i, c := range b {
		if text[i] = c; c < ' ' || c > '~' {
			text[i] = '.'
		}
	}
	return string(text)
}
