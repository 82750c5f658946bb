package state

import (
	"bytes"
	"strconv"
)

var portInfo = file{"port.info", "STO-1"}

// ParsePort reads port.info: a decimal number from 1 to 65535 (STO-1). White
// space around it, a newline included, is ignored; anything else is an *Error.
func ParsePort(text []byte) (uint16, error) {
	if err := portInfo.checkSize(text, "a port from 1 to 65535"); err != nil {
		return 0, err
	}
	number := string(bytes.Trim(text, blanks+"\n"))
	port, ok := parsePort(number)
	if !ok {
		return 0, portInfo.errorf(0, "%.20q is no port: write a decimal number from 1 to 65535 and nothing else", number)
	}
	return port, nil
}

// FormatPort returns the text of port.info, without a newline: some servers
// trip over one.
func FormatPort(port uint16) []byte {
	return strconv.AppendUint(nil, uint64(port), 10)
}

// parsePort reads a port in digits; port 0 is none.
func parsePort(digits string) (port uint16, ok bool) {
	n, err := strconv.ParseUint(digits, 10, 16)
	return uint16(n), err == nil && n > 0
}
