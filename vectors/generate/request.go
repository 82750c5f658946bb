package generate

func register(ed edition, client []byte, name string) *frame {
	f := request(ed, "register", client)
	f.text("name", &f.fields.Name, name)
	return f.end()
}

func publicKey(ed edition, client []byte, name string, spki []byte) *frame {
	f := request(ed, "public-key", client)
	f.text("name", &f.fields.Name, name)
	f.octets("publicKey", &f.fields.PublicKey, spki)
	return f.end()
}

func login(ed edition, client []byte, name string) *frame {
	f := request(ed, "login", client)
	f.text("name", &f.fields.Name, name)
	return f.end()
}

// packet is what a file message says; original, number and total only where the
// edition has packet fields.
type packet struct {
	size, original uint32
	number, total  uint16
	name           string
	content        []byte
}

func filePacket(ed edition, client []byte, p packet) *frame {
	f := request(ed, "file", client)
	f.repeatID(client)
	f.u32("contentSize", &f.fields.ContentSize, p.size)
	if ed.packets {
		f.u32("originalSize", &f.fields.OriginalSize, p.original)
		f.u16("packetNumber", &f.fields.PacketNumber, p.number)
		f.u16("totalPackets", &f.fields.TotalPackets, p.total)
	}
	f.text("fileName", &f.fields.FileName, p.name)
	f.octets("content", &f.fields.Content, p.content)
	return f.end()
}

// crc builds crc-ok, crc-bad and crc-abort.
func crc(ed edition, message string, client []byte, name string) *frame {
	f := request(ed, message, client)
	f.repeatID(client)
	f.text("fileName", &f.fields.FileName, name)
	return f.end()
}

func (f *frame) repeatID(client []byte) {
	if f.ed.repeatID {
		f.add("clientId", client)
	}
}
