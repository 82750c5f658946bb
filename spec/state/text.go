package state

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// maxSize is the most bytes that any of the files may have. The longest honest
// one, a me.info, has about a thousand.
const maxSize = 64 << 10

// file is one of the files by its name and the clause that asks for it.
type file struct{ name, clause string }

func (f file) errorf(line int, format string, args ...any) error {
	return &Error{f.clause, f.name, line, fmt.Sprintf(format, args...)}
}

// checkSize refuses files that are empty or too long to be what they should be.
func (f file) checkSize(text []byte, want string) error {
	switch {
	case len(bytes.Trim(text, blanks+"\n")) == 0:
		return f.errorf(0, "the file is empty: write %s", want)
	case len(text) > maxSize:
		return f.errorf(0, "the file has %d bytes, at most %d are read: write %s", len(text), maxSize, want)
	}
	return nil
}

// blanks are what does not count at the end of a line.
const blanks = " \t\r"

// lines cuts a text into lines without line ends and the blanks before them.
// Empty lines at the end are dropped.
func lines(text []byte) []string {
	all := strings.Split(strings.TrimRight(string(text), blanks+"\n"), "\n")
	for i, line := range all {
		all[i] = strings.TrimRight(line, blanks)
	}
	return all
}

// checkName says what keeps a text from being a client's name, "" if nothing does.
func checkName(name string, most int) string {
	switch {
	case name == "":
		return "the name is missing: write the client's name here"
	case len(name) > most:
		return fmt.Sprintf("the name has %d characters: shorten it to %d", len(name), most)
	}
	for i := range len(name) {
		if c := name[i]; c < 0x20 || c > 0x7e {
			return fmt.Sprintf("byte %d of the name is %#02x: write the name in printable ASCII", i+1, c)
		}
	}
	return ""
}

// decodeBase64 joins lines of base64, white space between them ignored. On an
// error it says which of the lines is at fault, counted from 0.
func decodeBase64(text []string) (data []byte, faulty int, err error) {
	var joined strings.Builder
	var ends []int // in joined, of each line
	for _, line := range text {
		joined.WriteString(strings.Trim(line, blanks))
		ends = append(ends, joined.Len())
	}
	data, err = base64.StdEncoding.DecodeString(joined.String())
	var at base64.CorruptInputError
	if !errors.As(err, &at) {
		return data, 0, err
	}
	for faulty < len(ends)-1 && int(at) >= ends[faulty] {
		faulty++
	}
	return nil, faulty, err
}
