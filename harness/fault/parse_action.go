package fault

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// patches are the actions that change a field.
var patches = []struct {
	name string
	read func(p *reader, f *Fault, fields scope, node ast.Node)
}{
	{"flip", (*reader).flip},
	{"set", (*reader).set},
	{"cksum", (*reader).cksum},
	{"code", (*reader).code},
}

// actionNames returns the names of all actions.
func actionNames() []string {
	var names []string
	for _, a := range patches {
		names = append(names, a.name)
	}
	for _, a := range routes {
		names = append(names, a.name)
	}
	return names
}

// action reads what a fault does.
func (p *reader) action(f *Fault, fields scope, name string, node ast.Node) {
	for _, a := range patches {
		if a.name == name {
			a.read(p, f, fields, node)
		}
	}
	for _, a := range routes {
		if a.name != name {
			continue
		}
		if f.Does = a.does; a.param == "" {
			if p.text(node) != "true" {
				p.fail(node, "%s takes no value but true", name)
			}
			f.route = func(d *delivery) { a.do(d, 0) }
			return
		}
		n := int(p.number(p.only(node, name, a.param), a.least, a.most))
		f.Does = fmt.Sprintf(a.does, n)
		f.route = func(d *delivery) { a.do(d, n) }
	}
}

// flip reads {field, bits}.
func (p *reader) flip(f *Fault, fields scope, node ast.Node) {
	table := p.table(node, "flip", "field", "bits")
	field, ok := p.fieldIn(table, node, fields)
	if !ok {
		return
	}
	bits := uint64(1)
	if n := table["bits"]; n != nil {
		most := uint64(maxBits)
		if field.Size > 0 {
			most = uint64(8 * field.Size)
		}
		bits = p.number(n, 1, most)
	}
	if f.Does = fmt.Sprintf("flip %d bits of %s", bits, field.Name); bits == 1 {
		f.Does = "flip a bit of " + field.Name
	}
	f.patch = &patch{field.Name, 1, flip(int(bits))}
}

// set reads {field, value}.
func (p *reader) set(f *Fault, fields scope, node ast.Node) {
	table := p.table(node, "set", "field", "value")
	field, ok := p.fieldIn(table, node, fields)
	if !ok {
		return
	}
	if table["value"] == nil {
		p.fail(node, "set needs a value")
		return
	}
	value := p.value(table["value"], field)
	if field.Kind == wire.KindText {
		value = append(value, make([]byte, field.Size-len(value))...)
	}
	f.Does = "set " + field.Name
	f.patch = &patch{field.Name, len(value), set(value)}
}

// cksum reads {xor} or {value}.
func (p *reader) cksum(f *Fault, fields scope, node ast.Node) {
	table := p.table(node, "cksum", "xor", "value")
	field, ok := p.field(node, "cksum", fields)
	switch mask, value := table["xor"], table["value"]; {
	case !ok:
	case (mask == nil) == (value == nil):
		p.fail(node, "cksum takes one of xor and value")
	case mask != nil:
		f.patch = &patch{field.Name, field.Size, xor(unsigned(p.number(mask, 1, 1<<32-1), field.Size))}
	default:
		f.patch = &patch{field.Name, field.Size, set(p.value(value, field))}
	}
	f.Does = "falsify the cksum"
}

// code reads a code, as a number or the name of a message.
func (p *reader) code(f *Fault, fields scope, node ast.Node) {
	node = p.only(node, "code", "value")
	field, _ := p.field(node, "code", fields)
	var names []string
	var value []byte
	for _, t := range append(spec.RequestTypes(), spec.ResponseTypes()...) {
		code, ok := p.ed.Code(t)
		if !ok {
			continue
		}
		if names = append(names, t.String()); t.String() == p.text(node) {
			value = unsigned(uint64(code), field.Size)
		}
	}
	if value == nil {
		n, err := strconv.ParseUint(p.text(node), 0, 16)
		if err != nil {
			p.fail(node, "%q is no code from 0 to 65535 and none of %s", p.text(node), strings.Join(names, ", "))
		}
		value = unsigned(n, field.Size)
	}
	f.Does = "set code"
	f.patch = &patch{field.Name, field.Size, set(value)}
}

// fieldIn reads the field that an action is about.
func (p *reader) fieldIn(table map[string]ast.Node, node ast.Node, fields scope) (wire.Field, bool) {
	if table["field"] == nil {
		p.fail(node, "say which field")
		return wire.Field{}, false
	}
	return p.field(table["field"], p.text(table["field"]), fields)
}

// value reads a value for a field, as its bytes travel: a whole number, a text,
// or bytes in hexadecimal.
func (p *reader) value(node ast.Node, field wire.Field) []byte {
	switch field.Kind {
	case wire.KindUint:
		return unsigned(p.number(node, 0, 1<<(8*field.Size)-1), field.Size)
	case wire.KindText:
		return p.fitting(node, field, []byte(p.text(node)))
	default:
		return p.fitting(node, field, p.hex(node))
	}
}

// fitting wants bytes to have room in a field.
func (p *reader) fitting(node ast.Node, field wire.Field, value []byte) []byte {
	if field.Size > 0 && len(value) > field.Size {
		p.fail(node, "field %q has %d bytes, %d do not fit", field.Name, field.Size, len(value))
		return value[:field.Size]
	}
	return value
}

// unsigned returns a little-endian integer (FRM-1).
func unsigned(n uint64, size int) []byte {
	return bytes.Clone(binary.LittleEndian.AppendUint64(nil, n)[:size])
}
