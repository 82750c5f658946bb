package generate

import (
	"bytes"
	"strings"

	"github.com/xferspec/xferspec/vectors"
)

// What stands in vectors where nothing else matters: name, id and wire.txt are
// those of the worked example.
const (
	clientName = "Ada Lovelace"
	fileName   = "wire.txt"
)

var (
	clientID = unhex("f32bda4aee8743e791352fdf311cee77")
	noID     = make([]byte, 16)
	fullID   = bytes.Repeat([]byte{0xff}, 16)
	longText = strings.Repeat("0123456789", 26)[:254]
)

// fileKey is the worked example's AES key in the edition's length.
func fileKey(ed edition) []byte { return workedKey[:ed.keySize] }

// wrappedFileKey is fileKey under the client's public key.
func wrappedFileKey(ed edition) []byte {
	if ed.keySize == len(workedKey) {
		return workedWrapped
	}
	return wrap(fileKey(ed), "file key")
}

// workedPacket carries the file of the worked example.
func workedPacket(ed edition) packet {
	content := encrypt(fileKey(ed), []byte(workedExample))
	return packet{uint32(len(content)), uint32(len(workedExample)), 1, 1, fileName, content}
}

// plain returns the plainest frame of every message that the edition has.
func plain(ed edition) []*frame {
	size := uint32(len(workedPacket(ed).content))
	sum := posixCksum([]byte(workedExample))
	all := []*frame{
		register(ed, noID, clientName),
		publicKey(ed, clientID, clientName, rightSPKI().der()),
		login(ed, clientID, clientName),
		filePacket(ed, clientID, workedPacket(ed)),
		crc(ed, "crc-ok", clientID, fileName),
		crc(ed, "crc-bad", clientID, fileName),
		crc(ed, "crc-abort", clientID, fileName),
		withID(ed, "registered", clientID),
		empty(ed, "registration-refused"),
		accepted(ed, "key-accepted", clientID, wrappedFileKey(ed)),
		fileReceived(ed, clientID, size, fileName, sum),
		thanks(ed, clientID),
		accepted(ed, "login-accepted", clientID, wrappedFileKey(ed)),
		withID(ed, "login-refused", clientID),
		empty(ed, "error"),
	}
	var has []*frame
	for _, f := range all {
		if f.fields.Code != 0 {
			has = append(has, f)
		}
	}
	return has
}

// messageClauses are the clauses that a message is made by.
var messageClauses = map[string][]string{
	"register":             {"FRM-1", "FRM-2", "REG-1"},
	"public-key":           {"FRM-1", "FRM-2", "KEY-1"},
	"login":                {"FRM-1", "FRM-2", "LGN-1"},
	"file":                 {"FRM-1", "FRM-2", "FIL-3"},
	"crc-ok":               {"FRM-1", "FRM-2", "CRC-5"},
	"crc-bad":              {"FRM-1", "FRM-2", "CRC-6"},
	"crc-abort":            {"FRM-1", "FRM-2", "CRC-7"},
	"registered":           {"FRM-1", "FRM-3", "REG-3"},
	"registration-refused": {"FRM-1", "FRM-3", "ERR-2"},
	"key-accepted":         {"FRM-1", "FRM-3", "KEY-2"},
	"file-received":        {"FRM-1", "FRM-3", "FIL-9"},
	"thanks":               {"FRM-1", "FRM-3", "CRC-2"},
	"login-accepted":       {"FRM-1", "FRM-3", "LGN-2"},
	"login-refused":        {"FRM-1", "FRM-3", "LGN-3"},
	"error":                {"FRM-1", "FRM-3", "ERR-2"},
}

// messageList collects the message vectors of an edition.
type messageList struct {
	ed   edition
	list []vectors.Message
}

// add adds a frame; variant is what the id says after the message's name.
func (l *messageList) add(f *frame, variant, comment string, clauses ...string) *vectors.Message {
	if variant != "" {
		variant = "-" + variant
	}
	if len(clauses) == 0 {
		clauses = messageClauses[f.message]
	}
	l.list = append(l.list, vectors.Message{
		Head:    vectors.Head{ID: "msg-" + l.ed.name + "-" + f.message + variant, Comment: comment, Clauses: clauses},
		Edition: l.ed.name, From: f.from, Message: f.message, Canonical: true, Fields: f.fields, Hex: f.bytes,
	})
	return &l.list[len(l.list)-1]
}

// odd adds a frame that receivers accept and senders do not write.
func (l *messageList) odd(f *frame, variant, comment string, clauses ...string) {
	l.add(f, variant, comment, clauses...).Canonical = false
}

func messages(ed edition) []vectors.Message {
	l := &messageList{ed: ed}
	for _, f := range plain(ed) {
		l.add(f, "", "the plain message")
	}
	l.names()
	l.ids()
	l.numbers()
	l.contents()
	l.padding()
	if l.ed.full {
		l.characters()
		l.versions()
	}
	return l.list
}

// dashed turns the name of a field into a part of an id.
func dashed(field string) string {
	var id strings.Builder
	for _, c := range field {
		if c >= 'A' && c <= 'Z' {
			id.WriteByte('-')
			c += 'a' - 'A'
		}
		id.WriteRune(c)
	}
	return id.String()
}
