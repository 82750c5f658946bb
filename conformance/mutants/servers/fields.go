package servers

import (
	"slices"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// field returns the bytes of a field, as a part of r.Head; nil if there is none.
func (r *request) field(name string) []byte { return message.Field(r.fields, r.Head, name) }

// uint returns an integer field, 0 if there is none.
func (r *request) uint(name string) uint64 { return message.Uint(r.field(name)) }

// put sets an integer field.
func (r *request) put(name string, value uint64) { message.Put(r.field(name), value) }

// whole says whether the request has all its fixed fields.
func (r *request) whole() bool { return len(r.fields) > len(wire.HeaderLayout(true)) }

// text returns the text field of the request, "" if there is none.
func (r *request) text() string { return message.Text(r.textField()) }

// setText sets the text field of the request.
func (r *request) setText(text string) { message.SetText(r.textField(), text) }

func (r *request) textField() []byte {
	for _, f := range r.fields {
		if f.Kind == wire.KindText {
			return r.Head[f.Offset : f.Offset+f.Size]
		}
	}
	return nil
}

// field returns the bytes of a field, as a part of r.Bytes; nil if there is none.
func (r *response) field(name string) []byte { return message.Field(r.fields, r.Bytes, name) }

// uint returns an integer field, 0 if there is none.
func (r *response) uint(name string) uint64 { return message.Uint(r.field(name)) }

// put sets an integer field.
func (r *response) put(name string, value uint64) { message.Put(r.field(name), value) }

// is says whether the response is of one of these types.
func (r *response) is(types ...spec.MessageType) bool {
	return slices.Contains(types, r.Type)
}

// become makes another message of the response.
func (r *response) become(ed *spec.Edition, m wire.Message) {
	f, err := wire.ResponseFrame(ed, m)
	if err != nil {
		panic("servers: " + err.Error())
	}
	r.Type, r.Bytes, r.fields = m.Type(), f.Bytes, f.Fields()
}

func textIn(field []byte) string { return message.Text(field) }

func setTextIn(field []byte, text string) { message.SetText(field, text) }
