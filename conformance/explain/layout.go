package explain

import (
	"fmt"
	"slices"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// The layouts that belong to no message.
const (
	requestHeader  = "request header"
	responseHeader = "response header"
)

// involved returns the names of the layouts that a clause is about.
func involved(c spec.Clause) []string {
	if why, ok := WhyOf(c.ID); ok && len(why.Layouts) > 0 {
		return why.Layouts
	}
	var names []string
	for _, t := range c.Messages() {
		names = append(names, t.String())
	}
	return names
}

// layouts prints the layouts that a clause is about, as far as the edition has them.
func (p *printer) layouts(c spec.Clause) {
	for _, name := range involved(c) {
		if name == requestHeader || name == responseHeader {
			p.printf("\nlayout of the %s\n", name)
			p.fields(wire.HeaderLayout(name == requestHeader), false)
			continue
		}
		t := messageNamed(name)
		if p.ed.Has(t) {
			p.printf("\n")
			p.layout(p.ed, t)
		}
	}
}

// messageNamed returns the message that a layout in why.yaml names.
func messageNamed(name string) spec.MessageType {
	all := append(spec.RequestTypes(), spec.ResponseTypes()...)
	if i := slices.IndexFunc(all, func(t spec.MessageType) bool { return t.String() == name }); i >= 0 {
		return all[i]
	}
	return spec.TypeUnknown
}

// layout prints the fields of a message, its header on one line.
func (p *printer) layout(ed *spec.Edition, t spec.MessageType) {
	code, _ := ed.Code(t)
	size, open := wire.PayloadSize(ed, t)
	payload := fmt.Sprint(size)
	if open {
		payload += " and the content"
	}
	header := wire.RequestHeaderSize
	if t.IsResponse() {
		header = wire.ResponseHeaderSize
	}
	p.printf("layout of %d %s in %s%s\n", code, t, ed.Name, codeInText(code, t))
	p.printf("    offset  size  type   field\n")
	p.printf("    %6d  %4d         header: version %d, code %d, payload size %s\n", 0, header, ed.Version, code, payload)
	fields := wire.Layout(ed, t, size)
	p.fields(slices.DeleteFunc(fields, func(f wire.Field) bool { return f.Offset < header }), open)
}

// codeInText says by which code the text calls a message that has another one here.
func codeInText(code uint16, t spec.MessageType) string {
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		panic(err) // it is compiled in
	}
	if written, _ := ed.Code(t); written != code {
		return fmt.Sprintf(", in the text %d", written)
	}
	return ""
}

// fields prints a row for each field; the last may have any size.
func (p *printer) fields(fields []wire.Field, open bool) {
	for i, f := range fields {
		size := fmt.Sprint(f.Size)
		if open && i == len(fields)-1 {
			size = "rest"
		}
		p.printf("    %6d  %4s  %-5s  %s\n", f.Offset, size, kindName(f), f.Name)
	}
}

// kindName is how the text calls a field's type.
func kindName(f wire.Field) string {
	switch f.Kind {
	case wire.KindUint:
		return fmt.Sprintf("u%d", 8*f.Size)
	case wire.KindText:
		return "text"
	case wire.KindID, wire.KindBytes:
		return "bytes"
	}
	return ""
}
