package generate

import "github.com/xferspec/xferspec/vectors"

// packetContent is how much ciphertext a packet of 2024a carries.
const packetContent = 1024

// talk is a conversation being built.
type talk struct {
	ed      edition
	file    []byte
	cut     int  // content per packet
	surplus bool // the client ends with an empty packet where packets come out even
	vector  vectors.Conversation
}

// converse begins a conversation about a file.
func converse(ed edition, id, comment string, file []byte, clauses ...string) *talk {
	return &talk{ed: ed, file: file, cut: packetContent, vector: vectors.Conversation{
		Head:       vectors.Head{ID: "conv-" + ed.name + "-" + id, Comment: comment, Clauses: clauses},
		Edition:    ed.name,
		PrivateKey: privateKey(), AESKey: fileKey(ed), FileName: fileName, Plaintext: file,
	}}
}

// anyFile returns a file that looks random.
func anyFile(length int) []byte { return random("conversation file", length) }

func (t *talk) say(frames ...*frame) *talk {
	for _, f := range frames {
		t.vector.Frames = append(t.vector.Frames, vectors.Frame{From: f.from, Message: f.message, Fields: f.fields, Hex: f.bytes})
	}
	return t
}

// register is the first contact, up to the AES key.
func (t *talk) register() *talk {
	return t.say(
		register(t.ed, noID, clientName),
		withID(t.ed, "registered", clientID),
	).exchange()
}

// exchange sends the public key and gets the AES key.
func (t *talk) exchange() *talk {
	return t.say(
		publicKey(t.ed, clientID, clientName, rightSPKI().der()),
		accepted(t.ed, "key-accepted", clientID, wrappedFileKey(t.ed)),
	)
}

// login is a later contact, up to the AES key.
func (t *talk) login() *talk {
	return t.say(
		login(t.ed, clientID, clientName),
		accepted(t.ed, "login-accepted", clientID, wrappedFileKey(t.ed)),
	)
}

// transfer sends the file once; wrong is what is wrong in the server's checksum.
func (t *talk) transfer(wrong uint32) *talk {
	ciphertext := encrypt(fileKey(t.ed), t.file)
	size := uint32(len(ciphertext))
	for _, p := range t.packets(ciphertext) {
		p.size, p.original, p.name = size, uint32(len(t.file)), fileName
		t.say(filePacket(t.ed, clientID, p))
	}
	return t.say(fileReceived(t.ed, clientID, size, fileName, posixCksum(t.file)^wrong))
}

// packets cuts the ciphertext.
func (t *talk) packets(ciphertext []byte) []packet {
	if !t.ed.packets {
		return []packet{{content: ciphertext}}
	}
	total := (len(ciphertext) + t.cut - 1) / t.cut
	if t.surplus {
		total = len(ciphertext)/t.cut + 1
	}
	var list []packet
	for i := range total {
		list = append(list, packet{
			number: uint16(i + 1), total: uint16(total),
			content: ciphertext[i*t.cut : min((i+1)*t.cut, len(ciphertext))],
		})
	}
	return list
}

// confirm ends with success.
func (t *talk) confirm() vectors.Conversation {
	return t.say(crc(t.ed, "crc-ok", clientID, fileName), thanks(t.ed, clientID)).vector
}

// resend is a transfer whose checksum is wrong, and the announcement of the next.
func (t *talk) resend(wrong uint32) *talk {
	return t.transfer(wrong).say(crc(t.ed, "crc-bad", clientID, fileName))
}

// abort is a transfer whose checksum is wrong, and the end.
func (t *talk) abort(wrong uint32) vectors.Conversation {
	return t.transfer(wrong).say(crc(t.ed, "crc-abort", clientID, fileName), thanks(t.ed, clientID)).vector
}

func conversations(ed edition) []vectors.Conversation {
	const workedFile = "the file of the worked example"
	list := []vectors.Conversation{
		converse(ed, "register-send", "first contact: register, exchange keys, send "+workedFile, []byte(workedExample),
			"FRM-6", "REG-3", "KEY-2", "KEY-8", "FIL-3", "FIL-4", "FIL-9", "CRC-2", "CRC-5").register().transfer(0).confirm(),
		converse(ed, "empty-file", "an empty file is one block of ciphertext", anyFile(0),
			"FIL-10", "CRC-1").register().transfer(0).confirm(),
		converse(ed, "mismatch-abort", "four wrong checksums: three resends, then the client gives up", anyFile(50),
			"CRC-3", "CRC-4", "CRC-6", "CRC-7").register().resend(1).resend(0x80000000).resend(0xffffffff).abort(0x00010000),
	}
	if ed.hasLogin() {
		refused := converse(ed, "login-refused", "a login that is refused, and the registration that follows in the same run", anyFile(20),
			"LGN-3", "LGN-9").say(login(ed, fullID, clientName), withID(ed, "login-refused", fullID))
		list = append(list,
			converse(ed, "login-send", "later contact: log in, send "+workedFile, []byte(workedExample),
				"LGN-1", "LGN-2", "LGN-5", "LGN-8").login().transfer(0).confirm(),
			refused.register().transfer(0).confirm(),
		)
	} else {
		list = append(list,
			converse(ed, "key-again", "later contact without a login: the public key goes out under the stored id", anyFile(20),
				"KEY-7", "CFG-2").exchange().transfer(0).confirm())
	}
	if ed.full {
		list = append(list,
			converse(ed, "mismatch-once", "the first checksum is wrong, the second right", anyFile(100),
				"CRC-3", "CRC-6", "CRC-9").register().resend(1).transfer(0).confirm())
		list = append(list, packetConversations(ed)...)
	}
	return list
}

// packetConversations are about how a ciphertext is cut.
func packetConversations(ed edition) []vectors.Conversation {
	const surplus = " and an empty last packet, which breaks FIL-6 and which servers accept"
	var list []vectors.Conversation
	for _, c := range []struct {
		id, comment string
		length      int  // of the file
		cut         int  // content per packet
		surplus     bool // an empty packet at the end
		clauses     []string
	}{
		{"ciphertext-1024", "a ciphertext of exactly 1024 bytes", 1023, 1024, false, []string{"FIL-1", "FIL-2", "FIL-5", "FIL-6"}},
		{"ciphertext-1024-empty-last", "a ciphertext of exactly 1024 bytes" + surplus, 1023, 1024, true, []string{"FIL-5", "FIL-25"}},
		{"ciphertext-2048", "a ciphertext of exactly 2048 bytes", 2047, 1024, false, []string{"FIL-1", "FIL-2", "FIL-5", "FIL-6"}},
		{"ciphertext-2048-empty-last", "a ciphertext of exactly 2048 bytes" + surplus, 2047, 1024, true, []string{"FIL-5", "FIL-25"}},
		{"three-packets", "the last packet is shorter than the others", 2500, 1024, false, []string{"FIL-1", "FIL-2", "FIL-5", "FIL-8"}},
		{"small-packets", "packets of 7 bytes, which servers accept", 40, 7, false, []string{"FIL-7"}},
		{"one-large-packet", "the whole file in one packet, which servers accept", 2000, 4096, false, []string{"FIL-7"}},
	} {
		t := converse(ed, c.id, c.comment, anyFile(c.length), c.clauses...)
		t.cut, t.surplus = c.cut, c.surplus
		list = append(list, t.register().transfer(0).confirm())
	}
	return list
}
