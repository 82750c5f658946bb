package trace

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
)

// ParseHex reads bytes that someone wrote down in hexadecimal. The digits may be
// of either case and grouped as one likes by white space, colons and commas; a
// group may begin with 0x. The error names the line and the group.
func ParseHex(text string) ([]byte, error) {
	var data []byte
	number := 0
	for line := range strings.Lines(text) {
		number++
		for _, group := range strings.FieldsFunc(line, isSeparator) {
			digits := strings.TrimPrefix(strings.TrimPrefix(group, "0x"), "0X")
			part, err := hex.DecodeString(digits)
			if err != nil {
				return nil, fmt.Errorf("line %d: %.40q is not hexadecimal, two digits to a byte", number, group)
			}
			data = append(data, part...)
		}
	}
	return data, nil
}

func isSeparator(r rune) bool { return unicode.IsSpace(r) || r == ':' || r == ',' }
