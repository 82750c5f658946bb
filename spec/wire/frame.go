package wire

import (
	"encoding/binary"
	"fmt"

	"github.com/xferspec/xferspec/spec"
)

// Frame is one message as bytes, its fields reachable by name. Whether they make
// sense is not checked: it is the way to send what the protocol forbids.
type Frame struct {
	Bytes  []byte
	fields []Field
}

// RequestFrame encodes a request and opens its bytes to changes; its errors are
// those of AppendRequest.
func RequestFrame(ed *spec.Edition, client ID, m Message) (*Frame, error) {
	b, err := AppendRequest(nil, ed, client, m)
	if err != nil {
		return nil, err
	}
	return &Frame{b, Layout(ed, m.Type(), len(b)-RequestHeaderSize)}, nil
}

// ResponseFrame encodes a response and opens its bytes to changes; its errors
// are those of AppendResponse.
func ResponseFrame(ed *spec.Edition, m Message) (*Frame, error) {
	b, err := AppendResponse(nil, ed, m)
	if err != nil {
		return nil, err
	}
	return &Frame{b, Layout(ed, m.Type(), len(b)-ResponseHeaderSize)}, nil
}

// Fields returns the layout with which the frame was made. Bytes that were
// added or cut since do not move it.
func (f *Frame) Fields() []Field { return f.fields }

// Field returns the bytes of a field, as a part of f.Bytes; the error names
// the fields that the frame has.
func (f *Frame) Field(name string) ([]byte, error) {
	_, b, err := f.find(name)
	return b, err
}

func (f *Frame) find(name string) (Field, []byte, error) {
	var names []string
	for _, field := range f.fields {
		if field.Name != name {
			names = append(names, field.Name)
			continue
		}
		end := field.Offset + field.Size
		if end > len(f.Bytes) {
			return field, nil, fmt.Errorf("field %q ends at byte %d, the frame was cut to %d", name, end, len(f.Bytes))
		}
		return field, f.Bytes[field.Offset:end:end], nil
	}
	return Field{}, nil, fmt.Errorf("the frame has no field %q: it has %q", name, names)
}

// PutUint sets an integer field; a value that does not fit is an error.
func (f *Frame) PutUint(name string, value uint64) error {
	field, b, err := f.find(name)
	switch {
	case err != nil:
		return err
	case field.Kind != KindUint:
		return fmt.Errorf("field %q is no integer", name)
	case value>>(8*field.Size) != 0:
		return fmt.Errorf("field %q has %d bytes, %d does not fit", name, field.Size, value)
	}
	var le [8]byte
	binary.LittleEndian.PutUint64(le[:], value)
	copy(b, le[:])
	return nil
}

// PutBytes overwrites the beginning of a field; bytes that do not fit are an error.
func (f *Frame) PutBytes(name string, value []byte) error {
	b, err := f.Field(name)
	if err != nil {
		return err
	}
	if len(value) > len(b) {
		return fmt.Errorf("field %q has %d bytes, %d do not fit", name, len(b), len(value))
	}
	copy(b, value)
	return nil
}
