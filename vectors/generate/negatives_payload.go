package generate

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/xferspec/xferspec/vectors"
)

// texts fills the frame's text field without a NUL.
func (l *negativeList) texts(f *frame) {
	field := f.textField()
	if field == "" {
		return
	}
	g := *f
	g.bytes = bytes.Clone(f.bytes)
	g.put(field, bytes.Repeat([]byte("A"), 255))
	var also []string
	if f.from == vectors.FromClient {
		also = []string{"FRM-11"}
	}
	l.same(&g, "no-nul", "255 bytes of text and no NUL", g.fault("FRM-8", field), also...)
}

// characters puts bytes outside printable ASCII into the texts of requests.
func (l *negativeList) characters() {
	add := func(f *frame, variant, comment, text string, at int) {
		field := f.textField()
		f.put(field, append([]byte(text), 0))
		fault := f.fault("FRM-11", field)
		fault.Offset += at
		l.same(f, variant, comment, fault)
	}
	bad := []byte{0x1f, 0x7f, 0x80}
	if l.ed.full {
		bad = []byte{0x01, 0x09, 0x0a, 0x0d, 0x1b, 0x1f, 0x7f, 0x80, 0xa0, 0xff}
	}
	for _, c := range bad {
		add(register(l.ed, noID, ""), fmt.Sprintf("byte-%02x", c), fmt.Sprintf("the byte %d in a name", c), "ab"+string([]byte{c})+"cd", 2)
	}
	if !l.ed.full {
		return
	}
	add(register(l.ed, noID, ""), "byte-first", "a control character at the start", "\x02abc", 0)
	add(register(l.ed, noID, ""), "byte-last", "a control character as byte 254", longText[:253]+"\x02", 253)
	add(register(l.ed, noID, ""), "utf-8", "UTF-8: its first byte is the fault", "Ren\xc3\xa9e", 3)
	add(register(l.ed, noID, ""), "latin-1", "ISO 8859-1", "Ren\xe9e", 3)
	for _, f := range plain(l.ed) {
		if f.from == vectors.FromClient && f.message != "register" {
			add(f, "byte-07", "a control character in the text", "be\x07ll", 2)
		}
	}
}

// Of the wrong keys and ciphertexts, those that stand in frames too.
var (
	keysInFrames  = []string{"exponent-65537-cut", "zeros", "random", "pkcs1", "modulus-1023-bits", "ec-p256"}
	wrapsInFrames = []string{"15-bytes-for-16", "17-bytes-for-16", "24-bytes-for-16", "31-bytes-for-32", "33-bytes-for-32", "24-bytes-for-32", "flipped-bit", "pkcs1-padding"}
	// cbcsInFrames is for the editions that are not full.
	cbcsInFrames = []string{"empty", "partial-17", "padding-0", "padding-17", "padding-middle-wrong"}
)

// keys sends public keys that are none, and wrapped keys that hold none.
func (l *negativeList) keys() {
	long := publicKey(l.ed, clientID, clientName, longKey())
	l.same(long, "162-byte-key", "the key with the exponent 65537 has 162 bytes", long.sizeFault(), "KEY-1", "FRM-17")
	for _, k := range wrongKeys() {
		if slices.Contains(keysInFrames, k.id) {
			f := publicKey(l.ed, clientID, clientName, k.bytes)
			l.same(f, "key-"+k.id, k.comment, f.fault("KEY-1", "publicKey"), "KEY-5")
		}
	}
	l.wraps("key-accepted")
	if l.ed.full {
		l.wraps("login-accepted")
	}
}

func (l *negativeList) wraps(message string) {
	send := func(variant, comment string, wrapped []byte) {
		f := accepted(l.ed, message, clientID, wrapped)
		l.same(f, "wrapped-"+variant, comment, f.fault("SEC-4", "wrappedKey"), "SEC-1").PrivateKey = privateKey()
	}
	for _, w := range wrongWraps() {
		if w.keySize == l.ed.keySize && slices.Contains(wrapsInFrames, w.id) {
			send(w.id, w.comment, w.wrapped)
		}
	}
	other := workedKey[:48-l.ed.keySize]
	send("other-length", "a key of the other length that editions use", wrap(other, "other edition"))
	send("nothing", "128 zero bytes do not unwrap", make([]byte, 128))
}

// ciphertexts sends files whose content does not decrypt.
func (l *negativeList) ciphertexts() {
	for _, c := range wrongCBCs(fileKey(l.ed)) {
		if !l.ed.full && !slices.Contains(cbcsInFrames, c.id) {
			continue
		}
		size := uint32(len(c.ciphertext))
		f := filePacket(l.ed, clientID, packet{size, max(size, 1) - 1, 1, 1, fileName, c.ciphertext})
		l.same(f, "cbc-"+c.id, c.comment, f.fault("FIL-13", "content"), "FIL-26").AESKey = fileKey(l.ed)
	}
}
