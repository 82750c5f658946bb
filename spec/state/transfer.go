package state

import (
	"net"
	"net/netip"
	"strings"
)

var transferInfo = file{"transfer.info", "CFG-1"}

// maxClientName is the length of a client's name, in characters (CFG-1).
const maxClientName = 100

// TransferInfo is the content of transfer.info (CFG-1).
type TransferInfo struct {
	Addr string // "IP:port" as written; the host may be a name too
	Name string // of the client, 1 to 100 characters of printable ASCII
	Path string // of the file to send, relative to the working directory or absolute
}

// ParseTransferInfo reads transfer.info: three lines with address, name and
// path. Blanks and carriage returns at the end of a line are ignored, and so
// are empty lines at the end. Anything else is an *Error.
//
// The clause speaks of an IP address. Read are "127.0.0.1:1256", "[::1]:1256"
// and, because setups with containers need it, a host name as in
// "localhost:1256". A name is only looked at, not looked up.
func ParseTransferInfo(text []byte) (TransferInfo, error) {
	if err := transferInfo.checkSize(text, "three lines: IP:port, name, path of the file"); err != nil {
		return TransferInfo{}, err
	}
	all := lines(text)
	for len(all) < 3 {
		all = append(all, "")
	}
	t := TransferInfo{Addr: all[0], Name: all[1], Path: all[2]}
	if reason := checkAddr(t.Addr); reason != "" {
		return TransferInfo{}, transferInfo.errorf(1, "%.60q is no address: %s", t.Addr, reason)
	}
	if reason := checkName(t.Name, maxClientName); reason != "" {
		return TransferInfo{}, transferInfo.errorf(2, "%s", reason)
	}
	if t.Path == "" {
		return TransferInfo{}, transferInfo.errorf(3, "the path is missing: write the path of the file to send here")
	}
	for i, extra := range all[3:] {
		if extra != "" {
			return TransferInfo{}, transferInfo.errorf(4+i, "the file has three lines, this is one more: delete it")
		}
	}
	return t, nil
}

// Format returns the text of transfer.info; the fields are not checked.
func (t TransferInfo) Format() []byte {
	return []byte(t.Addr + "\n" + t.Name + "\n" + t.Path)
}

// checkAddr says what keeps a text from being "host:port", "" if nothing does.
func checkAddr(addr string) string {
	const example = "write IP:port, such as 127.0.0.1:1256"
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return example + " or [::1]:1256"
	}
	if _, ok := parsePort(port); !ok {
		return "the port is not from 1 to 65535, " + example
	}
	bracketed := strings.HasPrefix(addr, "[")
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is6() == bracketed {
		return ""
	}
	if bracketed || !isHostName(host) {
		return "the host is neither an IP address nor a name, " + example
	}
	return ""
}

// isHostName says whether a text can be a host's name: letters, digits,
// hyphens and, as containers have them, underscores between dots. A name whose
// last part is a number is a mistyped IPv4 address.
func isHostName(host string) bool {
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || !madeOf(label, letters+digits+"-_") {
			return false
		}
	}
	return len(host) <= 253 && !madeOf(labels[len(labels)-1], digits)
}

const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits  = "0123456789"
)

// madeOf says whether a text has no characters but these.
func madeOf(text, characters string) bool { return strings.Trim(text, characters) == "" }
