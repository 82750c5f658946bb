package generate

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/xferspec/xferspec/vectors"
)

// stateList collects the vectors of one file.
type stateList struct {
	file    string
	breaks  string   // the clause that a bad one breaks
	clauses []string // that all are about
	list    []vectors.State
}

func (l *stateList) add(id, comment, content string) *vectors.State {
	v := vectors.State{
		Head: vectors.Head{ID: "state-" + id, Comment: comment, Clauses: l.clauses},
		File: l.file,
	}
	if strings.IndexFunc(content, func(r rune) bool { return r > 0x7f }) < 0 {
		v.Text = &content
	} else {
		v.Hex = vectors.Hex(content)
	}
	l.list = append(l.list, v)
	return &l.list[len(l.list)-1]
}

// good adds what a program may write, odd what readers accept all the same, and
// bad what they refuse; line 0 is a fault that is not one line's.
func (l *stateList) good(id, comment, content string, value vectors.Value) {
	v := l.add(id, comment, content)
	v.Canonical, v.Value = true, &value
}

func (l *stateList) odd(id, comment, content string, value vectors.Value) {
	l.add(id, comment, content).Value = &value
}

func (l *stateList) bad(id, comment, content string, line int) {
	v := l.add(id, comment, content)
	v.Breaks, v.Line = l.breaks, line
}

func states() []vectors.State {
	list := append(portStates(), transferStates()...)
	return append(append(list, meStates()...), keyStates()...)
}

func portStates() []vectors.State {
	l := stateList{file: "port.info", breaks: "STO-1", clauses: []string{"STO-1", "STO-2"}}
	port := func(n uint16) vectors.Value { return vectors.Value{Port: n} }
	l.good("port-1256", "the number and nothing else", "1256", port(1256))
	l.good("port-1", "the smallest port", "1", port(1))
	l.good("port-65535", "the largest port", "65535", port(65535))
	l.odd("port-newline", "with a newline, as editors write it", "1256\n", port(1256))
	l.odd("port-crlf", "with a newline of Windows", "1256\r\n", port(1256))
	l.odd("port-blank-after", "a blank at the end", "1256 ", port(1256))
	for _, c := range []struct{ id, comment, content string }{
		{"empty", "nothing", ""},
		{"newline-alone", "an empty line", "\n"},
		{"0", "0 is no port", "0"},
		{"65536", "one too many", "65536"},
		{"wraps", "1256 in the low 16 bits", "66792"},
		{"huge", "more digits than any integer has", "99999999999999999999"},
		{"negative", "a negative number", "-1256"},
		{"letters", "no number", "port"},
		{"letters-after", "a number and more", "1256x"},
		{"hex", "hexadecimal", "0x4e8"},
		{"fraction", "a fraction", "1256.0"},
		{"two", "two numbers", "1256 1357"},
		{"two-lines", "two lines", "1256\n1357\n"},
		{"address", "an address", "127.0.0.1:1256"},
		{"utf-16", "UTF-16, as some editors write it", "\xff\xfe1\x002\x005\x006\x00"},
	} {
		l.bad("port-"+c.id, c.comment, c.content, 0)
	}
	return l.list
}

func transferStates() []vectors.State {
	l := stateList{file: "transfer.info", breaks: "CFG-1", clauses: []string{"CFG-1"}}
	const addr, path = "127.0.0.1:1256", "documents/wire.txt"
	value := func(name, path string) vectors.Value { return vectors.Value{Addr: addr, Name: name, Path: path} }
	lines := func(all ...string) string { return strings.Join(all, "\n") + "\n" }
	usual := value(clientName, path)
	longName := longText[:100]

	l.good("transfer", "the one in the text of the protocol", lines(addr, clientName, path), usual)
	l.good("transfer-no-newline", "no newline at the end", addr+"\n"+clientName+"\n"+path, usual)
	l.good("transfer-name-100", "the longest name", lines(addr, longName, path), value(longName, path))
	l.good("transfer-absolute", "an absolute path", lines(addr, clientName, "/srv/wire.txt"), value(clientName, "/srv/wire.txt"))
	l.good("transfer-blanks", "a path with blanks", lines(addr, clientName, "my documents/the wire.txt"), value(clientName, "my documents/the wire.txt"))
	l.good("transfer-windows-path", "a path of Windows", lines(addr, clientName, `C:\Users\Ada\wire.txt`), value(clientName, `C:\Users\Ada\wire.txt`))
	l.good("transfer-other-address", "another address and port", lines("192.168.0.10:65535", "x", "f"), vectors.Value{Addr: "192.168.0.10:65535", Name: "x", Path: "f"})
	l.odd("transfer-crlf", "newlines of Windows", strings.ReplaceAll(lines(addr, clientName, path), "\n", "\r\n"), usual)
	l.odd("transfer-empty-line-after", "an empty line at the end", lines(addr, clientName, path, ""), usual)
	for _, c := range []struct {
		id, comment, content string
		line                 int
	}{
		{"empty", "nothing", "", 0},
		{"one-line", "the name is missing", lines(addr), 2},
		{"two-lines", "the path is missing", lines(addr, clientName), 3},
		{"four-lines", "one line more than there is", lines(addr, clientName, path, "more"), 4},
		{"no-port", "no port", lines("127.0.0.1", clientName, path), 1},
		{"empty-port", "a colon and no port", lines("127.0.0.1:", clientName, path), 1},
		{"port-0", "0 is no port", lines("127.0.0.1:0", clientName, path), 1},
		{"port-65536", "one too many", lines("127.0.0.1:65536", clientName, path), 1},
		{"port-letters", "a port that is no number", lines("127.0.0.1:http", clientName, path), 1},
		{"no-address", "a port alone", lines(":1256", clientName, path), 1},
		{"bad-address", "256 is no part of an address", lines("127.0.0.256:1256", clientName, path), 1},
		{"short-address", "three parts of an address", lines("127.0.1:1256", clientName, path), 1},
		{"three-colons", "two ports", lines("127.0.0.1:1256:1357", clientName, path), 1},
		{"swapped", "name and address in each other's place", lines(clientName, addr, path), 1},
		{"name-empty", "an empty name", lines(addr, "", path), 2},
		{"name-101", "a name of 101 characters", lines(addr, longName+"x", path), 2},
		{"name-utf-8", "a name outside ASCII", lines(addr, "Ren\xc3\xa9e", path), 2},
		{"name-control", "a control character in the name", lines(addr, "be\x07ll", path), 2},
	} {
		l.bad("transfer-"+c.id, c.comment, c.content, c.line)
	}
	return l.list
}

func meStates() []vectors.State {
	l := stateList{file: "me.info", breaks: "CFG-3", clauses: []string{"CFG-2", "CFG-3"}}
	id, key := hex.EncodeToString(clientID), privateKey()
	value := vectors.Value{Name: clientName, ClientID: clientID, PrivateKey: key}
	begin := clientName + "\n" + id + "\n"
	long := value
	long.Name = longText

	l.good("me", "the key on one line", begin+base64Text(key, 0)+"\n", value)
	l.good("me-no-newline", "no newline at the end", begin+base64Text(key, 0), value)
	for _, columns := range []int{64, 72, 76} {
		l.good(fmt.Sprintf("me-%d-columns", columns), fmt.Sprintf("the key broken after %d columns", columns), begin+base64Text(key, columns)+"\n", value)
	}
	l.good("me-name-254", "the longest name that 1025 can carry", longText+"\n"+id+"\n"+base64Text(key, 0)+"\n", long)
	l.good("me-upper-case", "the id in capital digits", clientName+"\n"+strings.ToUpper(id)+"\n"+base64Text(key, 0)+"\n", value)
	l.odd("me-two-lines", "the key is in priv.key", begin, vectors.Value{Name: clientName, ClientID: clientID})
	l.odd("me-crlf", "newlines of Windows", strings.ReplaceAll(begin+base64Text(key, 72)+"\n", "\n", "\r\n"), value)
	l.odd("me-empty-line-after", "an empty line at the end", begin+base64Text(key, 0)+"\n\n", value)
	for _, c := range []struct {
		id, comment, content string
		line                 int
	}{
		{"empty", "nothing", "", 0},
		{"name-alone", "the id is missing", clientName + "\n", 2},
		{"name-empty", "an empty name", "\n" + id + "\n" + base64Text(key, 0), 1},
		{"name-255", "a name that no message can carry", longText + "x\n" + id + "\n", 1},
		{"name-utf-8", "a name outside ASCII", "Ren\xc3\xa9e\n" + id + "\n", 1},
		{"id-31", "31 digits", clientName + "\n" + id[:31] + "\n", 2},
		{"id-33", "33 digits", clientName + "\n" + id + "0\n", 2},
		{"id-letter", "a letter that is no digit", clientName + "\n" + id[:31] + "g\n", 2},
		{"id-raw", "the bytes of the id, not digits", clientName + "\n" + string(clientID) + "\n", 2},
		{"key-no-base64", "the key is not base64", begin + "this is no key!\n", 3},
		{"key-hex", "the key in hexadecimal digits, a number of them that no base64 has", begin + hex.EncodeToString(key)[:1001] + "\n", 3},
		{"key-broken-line", "a character that is not base64 in the third line of the key", begin + strings.Replace(base64Text(key, 72), "\nT1uL", "\nT*uL", 1) + "\n", 5},
	} {
		l.bad("me-"+c.id, c.comment, c.content, c.line)
	}
	return l.list
}

func keyStates() []vectors.State {
	l := stateList{file: "priv.key", breaks: "CFG-4", clauses: []string{"CFG-4", "CFG-7"}}
	key := privateKey()
	value := vectors.Value{PrivateKey: key}
	l.good("key", "base64 on one line", base64Text(key, 0), value)
	l.good("key-newline", "base64 on one line, with its newline", base64Text(key, 0)+"\n", value)
	l.good("key-64-columns", "base64 broken after 64 columns", base64Text(key, 64)+"\n", value)
	l.good("key-72-columns", "base64 broken after 72 columns", base64Text(key, 72)+"\n", value)
	l.odd("key-crlf", "newlines of Windows", strings.ReplaceAll(base64Text(key, 72)+"\n", "\n", "\r\n"), value)
	l.odd("key-der", "the bare DER", string(key), value)
	l.bad("key-empty", "nothing", "", 0)
	l.bad("key-text", "neither base64 nor DER", "this is no key!\n", 1)
	l.bad("key-der-cut", "DER without its last byte", string(key[:len(key)-1]), 1)
	l.bad("key-broken-line", "a character that is not base64 in the third line", strings.Replace(base64Text(key, 72), "\nT1uL", "\nT*uL", 1), 3)
	return l.list
}
