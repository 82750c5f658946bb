package generate

import (
	"encoding/base64"
	"strings"
)

// base64Text encodes p, broken after so many columns; 0: on one line.
func base64Text(p []byte, columns int) string {
	text := base64.StdEncoding.EncodeToString(p)
	if columns == 0 {
		return text
	}
	var lines []string
	for len(text) > columns {
		lines = append(lines, text[:columns])
		text = text[columns:]
	}
	return strings.Join(append(lines, text), "\n")
}
