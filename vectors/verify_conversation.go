package vectors

import (
	"bytes"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/seal"
)

func (v *verifier) conversation(c *Conversation) {
	ed, ok := v.edition(c.Edition, c.Clauses)
	if !ok {
		return
	}
	sent := map[string][]Frame{}
	for i := range c.Frames {
		f := &c.Frames[i]
		v.decodes(ed, f)
		v.encodes(ed, f)
		sent[f.From] = append(sent[f.From], *f)
	}
	for _, from := range []string{FromClient, FromServer} {
		v.stream(ed, from, sent[from])
	}
	v.meaning(ed, c)
}

// stream reads one side's frames as they come over a connection.
func (v *verifier) stream(ed *spec.Edition, from string, frames []Frame) {
	var joined []byte
	for _, f := range frames {
		joined = append(joined, f.Hex...)
	}
	for _, s := range v.segmentations() {
		got, err := readAll(ed, from, s.reader(joined))
		if err != nil {
			v.failf("read the %s %s: message %d: %v", from, s.name, len(got)+1, err)
			continue
		}
		if len(got) != len(frames) {
			v.failf("read the %s %s: %d messages, sent were %d", from, s.name, len(got), len(frames))
			continue
		}
		for i := range got {
			v.equal("read the "+from+" "+s.name, &frames[i], &got[i])
		}
	}
}

// meaning follows a conversation: the key unwraps, what is sent under it is the
// file, and the client's judgement of each checksum is right.
func (v *verifier) meaning(ed *spec.Edition, c *Conversation) {
	right := cksum.Sum(c.Plaintext)
	var joined []byte // content of the transfer at hand
	var agreed, received bool
	for i := range c.Frames {
		f := &c.Frames[i].Fields
		switch c.Frames[i].Message {
		case "key-accepted", "login-accepted":
			v.unwraps(ed, c, f.WrappedKey)
		case "file":
			joined = append(joined, f.Content...)
		case "file-received":
			v.transferred(c, f, joined)
			agreed, received = f.Cksum != nil && *f.Cksum == right, true
			joined = nil
		case "crc-ok":
			v.judged(received && agreed, i)
		case "crc-bad", "crc-abort":
			v.judged(received && !agreed, i)
		}
	}
	if !received {
		v.failf("no file is received")
	}
}

func (v *verifier) judged(right bool, i int) {
	if !right {
		v.failf("frame %d misjudges the checksum", i+1)
	}
}

func (v *verifier) unwraps(ed *spec.Edition, c *Conversation, wrapped []byte) {
	priv, err := seal.ParsePrivateKey(c.PrivateKey)
	if err != nil {
		v.failf("private key: %v", err)
		return
	}
	key, err := seal.Unwrap(priv, wrapped, ed.KeySize())
	if err != nil {
		v.failf("%v", err)
	} else if !bytes.Equal(key, c.AESKey) {
		v.failf("the wrapped key is %x, not %x", key, []byte(c.AESKey))
	}
}

// transferred checks the content of a whole transfer against the file.
func (v *verifier) transferred(c *Conversation, f *Fields, joined []byte) {
	if f.ContentSize == nil || int(*f.ContentSize) != len(joined) {
		v.failf("the packets carry %d bytes, not the content size", len(joined))
	}
	plain, err := decrypt(c.AESKey, joined, len(joined))
	if err != nil {
		v.failf("the packets do not decrypt: %v", err)
	} else if !bytes.Equal(plain, c.Plaintext) {
		v.failf("the packets decrypt to something else than the file")
	}
}
