package wire

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/xferspec/xferspec/spec"
)

// drawer is a visitor that fills a message with anything that can be sent.
type drawer struct{ t *rapid.T }

// anyText is any text that fits a text field.
var anyText = rapid.StringMatching(`[ -~]{0,254}`)

func (d drawer) id(name string, v *ID)      { copy(v[:], d.bytes(name, IDSize, IDSize)) }
func (d drawer) u16(name string, v *uint16) { *v = rapid.Uint16().Draw(d.t, name) }
func (d drawer) u32(name string, v *uint32) { *v = rapid.Uint32().Draw(d.t, name) }

func (d drawer) text(name string, v *string)               { *v = anyText.Draw(d.t, name) }
func (d drawer) fixed(name, _ string, v *[]byte, size int) { *v = d.bytes(name, size, size) }
func (drawer) repeatID()                                   {}

func (d drawer) rest(name string, v *[]byte) {
	if b := d.bytes(name, 0, 3000); len(b) > 0 {
		*v = b
	}
}

func (d drawer) bytes(name string, least, most int) []byte {
	return rapid.SliceOfN(rapid.Byte(), least, most).Draw(d.t, name)
}

// drawMessage returns any message of the edition in one direction.
func drawMessage(t *rapid.T, ed *spec.Edition, request bool) Message {
	types := spec.ResponseTypes()
	if request {
		types = spec.RequestTypes()
	}
	types = slices.DeleteFunc(types, func(m spec.MessageType) bool { return !ed.Has(m) })
	m := New(rapid.SampledFrom(types).Draw(t, "type"))
	m.fields(ed, drawer{t})
	return m
}

// chunks is a stream that comes in pieces of given lengths, over and over.
type chunks struct {
	bytes   []byte
	lengths []int
	next    int
}

func (c *chunks) Read(p []byte) (int, error) {
	if len(c.bytes) == 0 {
		return 0, io.EOF
	}
	length := c.lengths[c.next%len(c.lengths)]
	c.next++
	n := copy(p[:min(length, len(p))], c.bytes)
	c.bytes = c.bytes[n:]
	return n, nil
}

func TestDecodeIsTheInverseOfEncode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ed := rapid.SampledFrom(spec.Editions()).Draw(t, "edition")
		request := rapid.Bool().Draw(t, "request")
		m := drawMessage(t, ed, request)
		frame, err := encode(ed, m)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decode(ed, request, frame)
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Fatalf("%+v came back as %+v, %v", m, got, err)
		}
	})
}

func TestReaderIsTheInverseOfEncodeWhateverTheChunks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ed := rapid.SampledFrom(spec.Editions()).Draw(t, "edition")
		request := rapid.Bool().Draw(t, "request")
		var stream []byte
		var want []Message
		for range rapid.IntRange(1, 5).Draw(t, "messages") {
			m := drawMessage(t, ed, request)
			frame, err := encode(ed, m)
			if err != nil {
				t.Fatal(err)
			}
			stream, want = append(stream, frame...), append(want, m)
		}
		lengths := rapid.SliceOfN(rapid.IntRange(1, 2000), 1, 5).Draw(t, "chunks")
		r := newReader(ed, request, &chunks{bytes: stream, lengths: lengths})
		for _, m := range want {
			if got, err := read(r); err != nil || !reflect.DeepEqual(got, m) {
				t.Fatalf("%+v came back as %+v, %v", m, got, err)
			}
		}
		if _, err := r.next(); !errors.Is(err, io.EOF) {
			t.Fatalf("after the last message: %v", err)
		}
	})
}

// The frame's view and the struct's are one: what is put into a field by name
// is what the message has after decoding.
func TestFieldsOfAFrameAreThoseOfTheMessage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ed := rapid.SampledFrom(spec.Editions()).Draw(t, "edition")
		request := rapid.Bool().Draw(t, "request")
		m := drawMessage(t, ed, request)
		f, err := frameOf(ed, m)
		if err != nil {
			t.Fatal(err)
		}
		var joined []byte
		for _, field := range f.Fields() {
			b, err := f.Field(field.Name)
			if err != nil {
				t.Fatal(err)
			}
			joined = append(joined, b...)
			if err := f.PutBytes(field.Name, b); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(joined, f.Bytes) {
			t.Fatalf("the fields of %s are not the frame: %x, %x", m.Type(), joined, f.Bytes)
		}
	})
}
