package replay

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// wrappedKey is the name of the field with an AES key.
const wrappedKey = "wrapped key"

// maxPayload bounds a response that is read only to be described, in bytes.
const maxPayload = 64 << 10

// receive waits for a response and compares it with the recorded one.
func (r *replayer) receive(f *trace.Frame) *Difference {
	r.number++
	if errors.Is(f.Err, trace.ErrOutOfStep) || len(f.Bytes) < wire.ResponseHeaderSize {
		return r.compareRaw(f)
	}
	header, end := r.conn.read(wire.ResponseHeaderSize)
	if end != open {
		return r.missing(f, end, header)
	}
	if d := r.compareHeader(f, header); d != nil {
		return r.onAnother(f, header, d)
	}
	payload, end := r.conn.read(len(f.Bytes) - len(header))
	if end != open {
		return r.missing(f, end, append(header, payload...))
	}
	r.conn.pending = 0
	return r.compareFields(f, append(header, payload...))
}

// missing says that a response did not come, or not all of it.
func (r *replayer) missing(f *trace.Frame, end ending, have []byte) *Difference {
	return &Difference{Response: r.number, Message: nameOf(f.Code, f.Type), Recorded: sizeOf(f), Received: r.conn.describe(end, len(have))}
}

func sizeOf(f *trace.Frame) string { return fmt.Sprintf("%d bytes", len(f.Bytes)) }

// compareRaw compares bytes that are no whole header.
func (r *replayer) compareRaw(f *trace.Frame) *Difference {
	got, end := r.conn.read(len(f.Bytes))
	at := firstDifference(f.Bytes, got)
	if at < len(got) {
		return &Difference{r.number, "bytes that are no response", "byte", at, some(f.Bytes[at:]), some(got[at:])}
	}
	if end != open {
		return &Difference{Response: r.number, Message: "bytes that are no response", Recorded: sizeOf(f), Received: r.conn.describe(end, len(got))}
	}
	return nil
}

func (r *replayer) compareHeader(f *trace.Frame, header []byte) *Difference {
	for _, field := range wire.HeaderLayout(false) {
		was, now := cut(f.Bytes, field), cut(header, field)
		if bytes.Equal(was, now) {
			continue
		}
		d := &Difference{r.number, nameOf(f.Code, f.Type), field.Name, field.Offset, number(was), number(now)}
		if field.Name == "code" {
			d.Recorded, d.Received = nameOf(f.Code, f.Type), r.nameIn(header)
		}
		return d
	}
	return nil
}

// nameIn says what a header announces.
func (r *replayer) nameIn(header []byte) string {
	if r.typeIn(header) == spec.TypeUnknown && header[0] != r.ed.Version {
		return "bytes that are no response: " + some(header)
	}
	return nameOf(binary.LittleEndian.Uint16(header[1:]), r.typeIn(header))
}

func (r *replayer) typeIn(header []byte) spec.MessageType {
	return r.ed.Response(binary.LittleEndian.Uint16(header[1:]))
}

// onAnother is called when another response came than was recorded: what can be
// put right is put right, and what cannot be compared is not held against anybody.
func (r *replayer) onAnother(f *trace.Frame, header []byte, d *Difference) *Difference {
	size := binary.LittleEndian.Uint32(header[3:])
	if size > maxPayload {
		return d
	}
	if _, end := r.conn.read(int(size)); end != open {
		return d
	}
	got := r.typeIn(header)
	switch {
	case r.taken(f, got):
		r.number--
		return r.receive(f)
	case f.Type == spec.TypeError && r.accepted(d.Recorded, got):
		r.conn.pending = 0
		return nil
	}
	return d
}

// taken says whether a name turned out to be taken that was free when the
// conversation was recorded. It then registers another one, once for each name.
func (r *replayer) taken(f *trace.Frame, got spec.MessageType) bool {
	if r.verbatim || f.Type != spec.TypeRegistered || got != spec.TypeRegistrationRefused || r.sent == nil {
		return false
	}
	m, ok := r.sent.Message.(*wire.Register)
	if !ok || r.names[m.Name] != "" || m.Name == "" {
		return false
	}
	name := r.rename(m.Name)
	r.note("the name %q is taken, %q is registered instead", m.Name, name)
	again := bytes.Clone(r.sent.Bytes)
	requestFields{r.ed, r.sent, again}.putName(name)
	r.conn.write(again)
	return true
}

// accepted says whether a file is answered as received that was refused when the
// conversation was recorded, perhaps because of its bytes: they are not known, and
// others were sent.
func (r *replayer) accepted(was string, got spec.MessageType) bool {
	invented := r.sent != nil && r.sent.Type == spec.TypeFile && r.file != nil && !r.file.same
	if !invented || got != spec.TypeFileReceived {
		return false
	}
	r.result.Excepted++
	r.note("response %d: recorded was %s, now the file is received; that is not compared, for the recording has no keys, and what was refused may have been the file's bytes", r.number, was)
	return true
}

// compareFields compares the fields of a payload. It learns ids and keys.
func (r *replayer) compareFields(f *trace.Frame, got []byte) *Difference {
	for _, field := range responseLayout(r.ed, f) {
		if field.Offset < wire.ResponseHeaderSize || field.Offset >= len(got) {
			continue
		}
		was, now := cut(f.Bytes, field), cut(got, field)
		if d := r.compareField(f, field, was, now); d != nil {
			d.Response, d.Message, d.Field = r.number, nameOf(f.Code, f.Type), field.Name
			return d
		}
	}
	return nil
}

func (r *replayer) compareField(f *trace.Frame, field wire.Field, was, now []byte) *Difference {
	switch {
	case f.Message == nil: // malformed, so its bytes are compared
	case field.Name == "client id":
		was = r.expectID(f, was, now)
	case field.Name == wrappedKey:
		return r.compareKey(f, field, now)
	case field.Name == "cksum" && r.file != nil && !r.file.same:
		r.noteCksum(binary.LittleEndian.Uint32(now))
		return nil
	}
	at := firstDifference(was, now)
	if at == len(was) {
		return nil
	}
	d := &Difference{Offset: field.Offset + at, Recorded: some(was[at:]), Received: some(now[at:])}
	switch field.Kind {
	case wire.KindUint:
		d.Offset, d.Recorded, d.Received = field.Offset, number(was), number(now)
	case wire.KindID:
		d.Offset, d.Recorded, d.Received = field.Offset, hex.EncodeToString(was), hex.EncodeToString(now)
	case wire.KindText:
		if a, b := text(was), text(now); a != b {
			d.Recorded, d.Received = a, b
		}
	case wire.KindBytes:
	}
	return d
}

// expectID returns the id that an answer has to have: the one that stands for the
// recorded id. At a registration it is whatever the server gives out.
func (r *replayer) expectID(f *trace.Frame, was, now []byte) []byte {
	recorded := wire.ID(was)
	if f.Type == spec.TypeRegistered {
		if r.verbatim {
			return now
		}
		r.ids[recorded] = wire.ID(now)
	}
	if id, ok := r.ids[recorded]; ok {
		return id[:]
	}
	return was
}

// compareKey unwraps the AES key of an answer: wrapped twice, a key never has the
// same bytes.
func (r *replayer) compareKey(f *trace.Frame, field wire.Field, wrapped []byte) *Difference {
	if r.verbatim {
		return nil
	}
	var client wire.ID
	switch m := f.Message.(type) {
	case *wire.KeyAccepted:
		client = m.Client
		r.keys[client] = r.offered
	case *wire.LoginAccepted:
		client = m.Client
	}
	if err := r.unwrap(client, wrapped); err != nil {
		return &Difference{Offset: field.Offset, Recorded: "a key", Received: err.Error()}
	}
	return nil
}

func (r *replayer) noteCksum(now uint32) {
	right := "is"
	if now != r.file.sum {
		right = "is not"
	}
	r.result.Excepted++
	r.note("response %d: the checksum is not compared, for the recording has no keys and random bytes were sent; %d %s that of what was sent", r.number, now, right)
}

// responseLayout returns the fields of a recorded response; of an unknown one what
// follows the header is one field.
func responseLayout(ed *spec.Edition, f *trace.Frame) []wire.Field {
	size := len(f.Bytes) - wire.ResponseHeaderSize
	fields := wire.HeaderLayout(false)
	if f.Type != spec.TypeUnknown {
		fields = wire.Layout(ed, f.Type, size)
	}
	last := fields[len(fields)-1]
	if end := last.Offset + last.Size; end < len(f.Bytes) {
		fields = append(fields, wire.Field{Name: "payload", Kind: wire.KindBytes, Offset: end, Size: len(f.Bytes) - end})
	}
	return fields
}
