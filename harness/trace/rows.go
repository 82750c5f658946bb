package trace

import (
	"errors"
	"fmt"

	"github.com/xferspec/xferspec/spec"
)

// Sizes in bytes of what rows show.
const (
	rowSize  = 16  // one row of hexadecimal
	dumpSize = 256 // of what belongs to no field
	whole    = -1  // no limit
)

// Row is one line of a frame as people read it: a field, or a part of one, or
// bytes that belong to none.
type Row struct {
	Offset int    // of the first byte, within the frame
	Bytes  []byte // at most 16
	Hidden int    // bytes that follow before the next row and are not shown
	Name   string // of the field; "" for bytes in the middle of one, or of none
	Value  string // what the field means, or the bytes as text, in printable ASCII
}

// Rows returns the lines of a frame: the beginning of every field, and of what
// follows the layout at most 256 bytes. Of a longer field, the part around the
// byte at offset mark is shown too; a mark outside the frame adds nothing.
func (f *Frame) Rows(ed *spec.Edition, mark int) []Row { return f.rows(ed, mark, false) }

// rows is Rows, of all bytes if full says so.
func (f *Frame) rows(ed *spec.Edition, mark int, full bool) []Row {
	fieldSize, restSize := rowSize, dumpSize
	if full {
		fieldSize, restSize = whole, whole
	}
	var rows []Row
	done := 0
	if !errors.Is(f.Err, ErrOutOfStep) {
		for _, field := range fieldsOf(ed, f) {
			if field.Offset >= len(f.Bytes) {
				break
			}
			done = min(field.Offset+field.Size, len(f.Bytes))
			b := f.Bytes[field.Offset:done]
			first := len(rows)
			rows = appendRows(rows, field.Offset, b, fieldSize, mark)
			if len(rows) == first {
				rows = append(rows, Row{Offset: field.Offset}) // an empty field
			}
			rows[first].Name, rows[first].Value = field.Name, value(ed, f, field, b)
		}
	}
	return hideRest(appendRows(rows, done, f.Bytes[done:], restSize, mark), len(f.Bytes))
}

// appendRows adds rows of the first limit bytes of b, which begins at the offset
// base within the frame, and the row with the marked byte if it lies behind them.
func appendRows(rows []Row, base int, b []byte, limit, mark int) []Row {
	shown := len(b)
	if limit != whole {
		shown = min(shown, limit)
	}
	for begin := 0; begin < len(b); begin += rowSize {
		row := b[begin:min(begin+rowSize, len(b))]
		at := mark - base - begin
		if begin < shown || 0 <= at && at < len(row) {
			rows = append(rows, Row{Offset: base + begin, Bytes: row, Value: "|" + visible(row) + "|"})
		}
	}
	return rows
}

// hideRest counts what lies between the rows and is not shown.
func hideRest(rows []Row, size int) []Row {
	for i := range rows {
		next := size
		if i+1 < len(rows) {
			next = rows[i+1].Offset
		}
		rows[i].Hidden = next - rows[i].Offset - len(rows[i].Bytes)
	}
	return rows
}

// row prints one row, and a line beneath it that points to the marked byte.
func (p *printer) row(r Row, mark int) {
	digits := fmt.Sprintf("% x", r.Bytes)
	if r.Hidden > 0 {
		digits += fmt.Sprintf(" … +%d", r.Hidden)
	}
	if r.Name == "" {
		p.printf("%6d  %-55s  %s\n", r.Offset, digits, r.Value)
	} else {
		p.printf("%6d  %-55s  %-20s  %s\n", r.Offset, digits, r.Name, r.Value)
	}
	if at := mark - r.Offset; 0 <= at && at < len(r.Bytes) {
		p.printf("%*s^^ byte %d\n", 8+3*at, "", mark)
	}
}

// dump prints rows of bytes that are in no frame.
func (p *printer) dump(b []byte) {
	limit := rowSize
	if p.full {
		limit = whole
	}
	for _, r := range hideRest(appendRows(nil, 0, b, limit, -1), len(b)) {
		p.row(r, -1)
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
