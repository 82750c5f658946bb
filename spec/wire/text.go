package wire

import (
	"bytes"
	"fmt"
)

// checkText says what keeps a text from being sent or accepted in a text field.
func checkText[T string | []byte](name string, text T, offset int) error {
	if len(text) > MaxText {
		return &Error{"FRM-8", name, offset, fmt.Sprintf("%d bytes of text, %d fit before the NUL", len(text), MaxText)}
	}
	for i := range len(text) {
		if c := text[i]; c < 0x20 || c > 0x7e {
			return &Error{"FRM-11", name, offset + i, fmt.Sprintf("byte %#02x is not printable ASCII", c)}
		}
	}
	return nil
}

// appendText appends a text field: the text, a NUL, and zeros up to 255 bytes.
func appendText(dst []byte, text string) []byte {
	dst = append(dst, text...)
	return append(dst, zeros[:TextSize-len(text)]...)
}

var zeros [TextSize]byte

// cutText returns the bytes of a text field before its first NUL (FRM-9).
func cutText(name string, field []byte, offset int) ([]byte, error) {
	end := bytes.IndexByte(field, 0)
	if end < 0 {
		return nil, &Error{"FRM-8", name, offset, fmt.Sprintf("no NUL in %d bytes", len(field))}
	}
	return field[:end], nil
}
