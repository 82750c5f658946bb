package replay

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"

	"github.com/xferspec/xferspec/spec/wire"
)

// Difference is where an answer is not as it was recorded.
type Difference struct {
	Response int    // number of the response, from 1
	Message  string // the recorded one, such as "1603 file-received"; "" for what comes after the last
	Field    string // as in the protocol's tables; "" where no such response came
	Offset   int    // of the first byte that differs, from the first of the header
	Recorded string // what was recorded
	Received string // what came now
}

// String says what differs, on three lines.
func (d *Difference) String() string {
	where := ""
	if d.Message != "" {
		where = ", " + d.Message
	}
	if d.Field != "" {
		where += fmt.Sprintf(": %s at byte %d", d.Field, d.Offset)
	}
	return fmt.Sprintf("response %d%s\n    recorded: %s\n    now:      %s", d.Response, where, d.Recorded, d.Received)
}

// maxShown is how many bytes of a field that differs are shown.
const maxShown = 16

// cut returns the bytes of a field, as far as there are any.
func cut(b []byte, field wire.Field) []byte {
	return b[min(field.Offset, len(b)):min(field.Offset+field.Size, len(b))]
}

// firstDifference returns the first place where a and b differ, or the length of
// the shorter one.
func firstDifference(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

func number(b []byte) string {
	var whole [8]byte
	copy(whole[:], b)
	return strconv.FormatUint(binary.LittleEndian.Uint64(whole[:]), 10)
}

func text(b []byte) string {
	value, _, _ := bytes.Cut(b, []byte{0})
	return strconv.QuoteToASCII(string(value))
}

// some shows the first bytes in hexadecimal.
func some(b []byte) string {
	if len(b) > maxShown {
		return fmt.Sprintf("% x …", b[:maxShown])
	}
	return fmt.Sprintf("% x", b)
}
