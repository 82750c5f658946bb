package vectors

import (
	"bytes"
	"strings"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

func (v *verifier) message(m *Message) {
	ed, ok := v.edition(m.Edition, m.Clauses)
	if !ok {
		return
	}
	f := Frame{m.From, m.Message, m.Fields, m.Hex}
	v.decodes(ed, &f)
	for _, s := range v.segmentations() {
		got, err := readAll(ed, f.From, s.reader(f.Hex))
		switch {
		case err != nil:
			v.failf("read %s: %v", s.name, err)
		case len(got) != 1:
			v.failf("read %s: %d messages", s.name, len(got))
		default:
			v.equal("read "+s.name, &f, &got[0])
		}
	}
	if m.Canonical {
		v.encodes(ed, &f)
	}
}

// decodes checks that a whole frame means what it should.
func (v *verifier) decodes(ed *spec.Edition, f *Frame) {
	got, err := decode(ed, f.From, f.Hex)
	if err != nil {
		v.failf("%s does not decode: %v", f.Message, err)
		return
	}
	v.equal("decode", f, &got)
}

func (v *verifier) equal(how string, want *Frame, got *decoded) {
	if got.message != want.Message {
		v.failf("%s: the message is %s, not %s", how, got.message, want.Message)
	}
	if names := want.Fields.differences(&got.fields); len(names) > 0 {
		v.failf("%s of %s: other values of %s", how, want.Message, strings.Join(names, ", "))
	}
}

// encodes checks that the fields give exactly the frame's bytes.
func (v *verifier) encodes(ed *spec.Edition, f *Frame) {
	m, err := f.Fields.message(ed, f.Message)
	if err != nil {
		v.failf("%v", err)
		return
	}
	var got []byte
	if f.From == FromClient {
		var client wire.ID
		copy(client[:], f.Fields.ClientID)
		got, err = wire.AppendRequest(nil, ed, client, m)
	} else {
		got, err = wire.AppendResponse(nil, ed, m)
	}
	if err != nil {
		v.failf("%s does not encode: %v", f.Message, err)
	} else if at := differs(got, f.Hex); at >= 0 {
		v.failf("encoding %s gives %d bytes, the vector has %d; they differ from offset %d on", f.Message, len(got), len(f.Hex), at)
	}
}

// differs returns the offset of the first difference, -1 if there is none.
func differs(a, b []byte) int {
	if bytes.Equal(a, b) {
		return -1
	}
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
