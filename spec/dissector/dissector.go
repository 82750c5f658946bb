// Package dissector makes the Wireshark dissector of the protocol, xferspec.lua,
// from the editions, the layouts and the clauses: what changes there changes it.
// README.md says how to install it.
package dissector

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/template"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

//go:generate go run ./internal/generate xferspec.lua

//go:embed xferspec.lua.tmpl
var source string

// Generate writes the dissector. The error is that of w.
func Generate(w io.Writer) error {
	functions := template.FuncMap{"abbreviation": abbreviation, "lua": lua, "protofield": protofield}
	parsed, err := template.New("xferspec.lua").Funcs(functions).Parse(source)
	if err != nil {
		return err
	}
	return parsed.Execute(w, newTables())
}

// tables are the data of the dissector.
type tables struct {
	Default  string // edition
	Fields   []wire.Field
	Editions []edition
	Clauses  []spec.Clause
}

// edition has what differs between editions.
type edition struct {
	*spec.Edition
	Sides []side
}

// side is the messages of one direction.
type side struct {
	Name     string // of the direction
	Header   []wire.Field
	Size     int    // of the header
	Version  string // clause on the version
	Unknown  string // clause on an unknown code
	Messages []message
}

// message is the layout of one message.
type message struct {
	Code    uint16
	Name    string
	Payload int  // size in bytes, the least one if
	Open    bool // the last field takes what is left of the payload
	Clause  string
	Fields  []wire.Field // of the payload
}

func newTables() tables {
	t := tables{Default: spec.DefaultEdition}
	known := map[string]bool{}
	for _, ed := range spec.Editions() {
		e := edition{ed, []side{newSide(ed, true), newSide(ed, false)}}
		t.Editions = append(t.Editions, e)
		for _, s := range e.Sides {
			t.addFields(known, s.Header)
			for _, m := range s.Messages {
				t.addFields(known, m.Fields)
			}
		}
	}
	for _, clause := range spec.Clauses() {
		if strings.Contains(source, `"`+clause.ID+`"`) || t.cites(clause.ID) {
			t.Clauses = append(t.Clauses, clause)
		}
	}
	return t
}

// addFields adds the fields whose names are new.
func (t *tables) addFields(known map[string]bool, fields []wire.Field) {
	for _, f := range fields {
		if !known[f.Name] {
			known[f.Name] = true
			t.Fields = append(t.Fields, f)
		}
	}
}

func (t *tables) cites(id string) bool {
	for _, e := range t.Editions {
		for _, s := range e.Sides {
			if s.Version == id || s.Unknown == id {
				return true
			}
			for _, m := range s.Messages {
				if m.Clause == id {
					return true
				}
			}
		}
	}
	return false
}

func newSide(ed *spec.Edition, request bool) side {
	s := side{Name: "responses", Version: "VER-1", Size: wire.ResponseHeaderSize, Header: wire.HeaderLayout(request)}
	types := spec.ResponseTypes()
	if request {
		s.Name, s.Version, s.Size, types = "requests", "VER-2", wire.RequestHeaderSize, spec.RequestTypes()
	}
	s.Unknown = clauseOf(ed, request, 0, 0)
	for _, t := range types {
		if code, ok := ed.Code(t); ok {
			s.Messages = append(s.Messages, newMessage(ed, t, code, s.Size))
		}
	}
	return s
}

func newMessage(ed *spec.Edition, t spec.MessageType, code uint16, header int) message {
	size, open := wire.PayloadSize(ed, t)
	m := message{Code: code, Name: t.String(), Payload: size, Open: open}
	wrong := size + 1
	if open {
		wrong = size - 1
	}
	m.Clause = clauseOf(ed, t.IsRequest(), code, wrong)
	for _, f := range wire.Layout(ed, t, size) {
		if f.Offset >= header {
			m.Fields = append(m.Fields, f)
		}
	}
	return m
}

// clauseOf returns the clause that a message breaks which is nothing but a header
// with this code and a payload of this size: the codec knows it.
func clauseOf(ed *spec.Edition, request bool, code uint16, payload int) string {
	var err error
	if h := (wire.ResponseHeader{Version: ed.Version, Code: code, Size: uint32(payload)}); request {
		frame := wire.RequestHeader{Version: h.Version, Code: h.Code, Size: h.Size}.Append(nil)
		_, _, err = wire.DecodeRequest(ed, append(frame, make([]byte, payload)...))
	} else {
		_, _, err = wire.DecodeResponse(ed, append(h.Append(nil), make([]byte, payload)...))
	}
	if broken, ok := errors.AsType[*wire.Error](err); ok {
		return broken.Clause
	}
	panic(fmt.Sprintf("edition %s takes code %d with %d bytes of payload", ed.Name, code, payload)) // a test generates
}

// abbreviation is the name by which a display filter knows a field.
func abbreviation(field string) string {
	words := strings.FieldsFunc(field, func(r rune) bool { return r == ' ' || r == '(' || r == ')' })
	return strings.Join(words, "_")
}

// protofield is the type that Wireshark has for a field.
func protofield(f wire.Field) string {
	switch f.Kind {
	case wire.KindUint:
		return fmt.Sprintf("uint%d", 8*f.Size)
	case wire.KindText:
		return "string"
	default:
		return "bytes"
	}
}

// lua quotes a text.
func lua(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}
