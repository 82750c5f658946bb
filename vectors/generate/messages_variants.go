package generate

import (
	"bytes"
	"strings"
)

func (l *messageList) names() {
	for _, f := range plain(l.ed) {
		field := f.textField()
		if field == "" {
			continue
		}
		long, none := retext(f, longText), retext(f, "")
		l.add(long, "max-"+dashed(field), "a text of 254 bytes leaves room for one NUL", "FRM-8")
		l.add(none, "empty-"+dashed(field), "an empty text: the field begins with its NUL", emptyClause(f))
	}
}

func (l *messageList) characters() {
	var printable strings.Builder
	for c := byte(0x20); c < 0x7f; c++ {
		printable.WriteByte(c)
	}
	l.add(register(l.ed, noID, printable.String()), "printable", "every printable character, space and quotes included", "FRM-11")
	l.add(register(l.ed, noID, "x"), "one-letter", "the shortest name there is", "REG-1")
	l.add(register(l.ed, noID, "../../etc"), "path", "a name that would lead elsewhere as a path", "FIL-19")
	for _, path := range []struct{ id, name string }{
		{"parent", "../x"}, {"root", "/x"}, {"backslash", `..\x`}, {"drive", `C:\x`}, {"dot", "."}, {"dot-dot", ".."},
	} {
		p := workedPacket(l.ed)
		p.name = path.name
		l.add(filePacket(l.ed, clientID, p), "path-"+path.id, "well formed, but not to be taken for a path", "FIL-19")
	}
}

// emptyClause is what an empty text is about.
func emptyClause(f *frame) string {
	switch f.message {
	case "register":
		return "REG-8"
	case "public-key":
		return "KEY-6"
	case "login":
		return "LGN-3"
	}
	return "FIL-19"
}

// retext returns the plain frame with another text in its text field.
func retext(f *frame, text string) *frame {
	switch f.message {
	case "register":
		return register(f.ed, noID, text)
	case "public-key":
		return publicKey(f.ed, clientID, text, f.fields.PublicKey)
	case "login":
		return login(f.ed, clientID, text)
	case "file":
		p := workedPacket(f.ed)
		p.name = text
		return filePacket(f.ed, clientID, p)
	case "file-received":
		return fileReceived(f.ed, clientID, *f.fields.ContentSize, text, *f.fields.Cksum)
	}
	return crc(f.ed, f.message, clientID, text)
}

func (l *messageList) ids() {
	l.add(register(l.ed, clientID, clientName), "any-id", "the id in the header of a registration is ignored", "REG-2")
	l.add(register(l.ed, fullID, clientName), "id-ff", "the id in the header of a registration is ignored", "REG-2")
	l.add(withID(l.ed, "registered", noID), "id-zeros", "an id may have any value", "REG-3")
	l.add(withID(l.ed, "registered", fullID), "id-ff", "an id may have any value", "REG-3")
	if l.ed.hasLogin() {
		l.add(login(l.ed, noID, clientName), "id-zeros", "a login with an id that no one has", "LGN-3")
		l.add(withID(l.ed, "login-refused", noID), "id-zeros", "the id of the request comes back, whatever it is", "LGN-3")
	}
}

func (l *messageList) numbers() {
	const order = 0x01020304 // shows a wrong byte order
	for _, c := range []struct {
		id, comment string
		sum         uint32
	}{
		{"cksum-order", "bytes of the checksum that differ", order},
		{"cksum-zero", "a checksum of 0", 0},
		{"cksum-max", "the checksum of an empty file", 0xffffffff},
	} {
		l.add(fileReceived(l.ed, clientID, 48, fileName, c.sum), c.id, c.comment, "FIL-9", "CRC-1")
	}
	l.add(fileReceived(l.ed, clientID, 0xfffffff0, fileName, order), "content-size-max", "the largest multiple of 16", "FIL-9")
	p := workedPacket(l.ed)
	p.size, p.original, p.number, p.total = order, order-1, 0x0102, 0x0304
	clauses := []string{"FRM-1", "FIL-3"}
	l.add(filePacket(l.ed, clientID, p), "order", "numbers whose bytes differ", clauses...)
	p.size, p.original, p.number, p.total = 0xfffffff0, 0xffffffef, 65535, 65535
	l.add(filePacket(l.ed, clientID, p), "max", "the largest numbers", clauses...)
}

func (l *messageList) contents() {
	for _, length := range []struct {
		n      int
		id     string
		clause string
	}{{1, "content-1", "FIL-11"}, {16, "content-16", "FIL-10"}, {1024, "content-1024", "FIL-11"}} {
		p := workedPacket(l.ed)
		p.size, p.content = uint32(length.n), random("content", length.n)
		l.add(filePacket(l.ed, clientID, p), length.id, "content of this length", length.clause)
	}
	p := workedPacket(l.ed)
	p.number, p.total, p.content = 2, 2, nil
	clause := "FIL-12"
	if l.ed.packets {
		clause = "FIL-25"
	}
	l.add(filePacket(l.ed, clientID, p), "content-empty", "no content: the frame ends with the file name", clause)
}

func (l *messageList) padding() {
	for _, f := range plain(l.ed) {
		field := f.textField()
		if field == "" {
			continue
		}
		at := f.span(field)
		text := f.bytes[at.offset : at.offset+at.size]
		text = append(bytes.Clone(text[:bytes.IndexByte(text, 0)+1]), random("stale memory", 255)...)[:255]
		f.put(field, text)
		l.odd(f, "stale-padding", "what follows the first NUL is not zero, and is ignored", "FRM-9", "FRM-10")
	}
}

func (l *messageList) versions() {
	for _, v := range []struct {
		id string
		n  byte
	}{{"0", 0}, {"2", 2}, {"4", 4}, {"255", 255}} {
		request, response := register(l.ed, noID, clientName), withID(l.ed, "registered", clientID)
		for _, f := range []*frame{request, response} {
			f.put("version", []byte{v.n})
			f.fields.Version = v.n
		}
		l.odd(request, "version-"+v.id, "another version: a server processes or refuses it", "VER-2", "VER-3")
		l.odd(response, "version-"+v.id, "another version: a client accepts it or treats it as an error", "VER-1", "VER-4")
	}
}
