package generate

import (
	"fmt"
	"slices"

	"github.com/xferspec/xferspec/vectors"
)

// negativeList collects the negative vectors of an edition.
type negativeList struct {
	ed   edition
	list []vectors.Negative
}

// add adds the bytes of a frame; clauses are those that the faults do not name.
func (l *negativeList) add(f *frame, variant, comment string, whole, stream vectors.Fault, clauses ...string) *vectors.Negative {
	var all []string
	for _, clause := range append([]string{whole.Clause, stream.Clause}, clauses...) {
		if !slices.Contains(all, clause) {
			all = append(all, clause)
		}
	}
	l.list = append(l.list, vectors.Negative{
		Head:    vectors.Head{ID: "neg-" + l.ed.name + "-" + f.message + "-" + variant, Comment: comment, Clauses: all},
		Edition: l.ed.name, From: f.from, Whole: whole, Stream: stream, Hex: f.bytes,
	})
	return &l.list[len(l.list)-1]
}

// same adds bytes with one fault, however they come.
func (l *negativeList) same(f *frame, variant, comment string, fault vectors.Fault, clauses ...string) *vectors.Negative {
	return l.add(f, variant, comment, fault, fault, clauses...)
}

func negatives(ed edition) []vectors.Negative {
	l := &negativeList{ed: ed}
	for _, f := range plain(ed) {
		l.cuts(f)
		l.sizes(f)
		l.texts(f)
	}
	l.characters()
	l.codes()
	l.keys()
	l.ciphertexts()
	return l.list
}

// pick returns the clause for a request or that for a response.
func (f *frame) pick(request, response string) string {
	if f.from == vectors.FromServer {
		return response
	}
	return request
}

// fault is one in a field of the frame.
func (f *frame) fault(clause, field string) vectors.Fault {
	return vectors.Fault{Clause: clause, Field: field, Offset: f.span(field).offset}
}

// sizeFault is a payload size that the code does not have, and
// countFault one that the bytes do not have.
func (f *frame) sizeFault() vectors.Fault {
	return f.fault(f.pick("FRM-12", carries[f.message]), "payloadSize")
}
func (f *frame) countFault() vectors.Fault { return f.fault("FRM-4", "payloadSize") }

// carries are the clauses that say what is in a response.
var carries = map[string]string{
	"registered": "REG-3", "registration-refused": "ERR-2", "key-accepted": "KEY-2", "file-received": "FIL-9",
	"thanks": "CRC-2", "login-accepted": "LGN-2", "login-refused": "LGN-3", "error": "ERR-2",
}

// cutFault is the end of the stream inside a field.
func (f *frame) cutFault(field string) vectors.Fault {
	return vectors.Fault{Clause: f.pick("FRM-14", "RTY-5"), Field: field, Offset: len(f.bytes)}
}

// cuts ends the frame inside each of its fields.
func (l *negativeList) cuts(f *frame) {
	for i, s := range f.spans {
		end := s.offset + s.size/2
		inHeader := end < f.headerSize()
		switch first := f.message == "register" || f.message == "registered"; {
		case end == 0, end == len(f.bytes):
			continue // nothing is left, or nothing missing
		case inHeader && !first && !l.ed.full:
			continue // all headers are alike
		}
		cut := *f
		cut.bytes = f.bytes[:end]
		whole := f.countFault()
		if inHeader {
			whole = vectors.Fault{Clause: f.pick("FRM-2", "FRM-3"), Field: s.name, Offset: end}
		}
		variant := "cut-in-" + dashed(s.name)
		if s.name == "clientId" && i > 0 && f.from == vectors.FromClient {
			variant += "-again"
		}
		l.add(&cut, variant, fmt.Sprintf("ends after %d bytes, in the field %s", end, s.name), whole, cut.cutFault(s.name))
	}
}

// sizes gives the frame payloads that its code does not have.
func (l *negativeList) sizes(f *frame) {
	least := len(f.bytes) - len(f.fields.Content) - f.headerSize()
	open := f.message == "file" // content of any length may follow
	resized := func(payload int, declared uint32) *frame {
		g := *f
		g.bytes = append(make([]byte, 0, len(f.bytes)+1), f.bytes...)
		g.bytes = append(g.bytes, 0)[:f.headerSize()+payload]
		g.declare(declared)
		return &g
	}
	have := len(f.bytes) - f.headerSize()
	mistaken := func(variant, comment string, payload, declared int) {
		g := resized(payload, uint32(declared))
		l.same(g, variant, comment, g.sizeFault(), f.pick("FRM-17", "SEC-1"))
	}
	lying := func(variant, comment string, declared uint32) {
		g := resized(have, declared)
		stream := g.sizeFault()
		if open && declared >= uint32(least) {
			stream = g.cutFault("content")
		}
		l.add(g, variant, comment, g.countFault(), stream)
	}
	if least > 0 {
		mistaken("payload-one-less", "a payload of one byte less than the code has, declared as it is", least-1, least-1)
	}
	if !open {
		mistaken("payload-one-more", "a payload of one byte more than the code has, declared as it is", have+1, have+1)
	}
	lying("declares-max", "declares 4294967295 bytes", 0xffffffff)
	if !l.ed.full {
		return
	}
	lying("declares-one-more", "declares one byte more than there is", uint32(have+1))
	if least > 0 {
		mistaken("payload-none", "no payload, declared as none", 0, 0)
		lying("declares-one-less", "declares one byte less than the code has", uint32(least-1))
		lying("declares-none", "declares no payload", 0)
	}
}

// codes puts codes into the header that the edition does not have on that side.
func (l *negativeList) codes() {
	request := register(l.ed, noID, clientName)
	response := withID(l.ed, "registered", clientID)
	for _, base := range []*frame{request, response} {
		for _, c := range l.unknownCodes(base) {
			for _, payload := range []bool{false, true} {
				if payload && !l.ed.full {
					continue
				}
				g := *base
				g.message, g.bytes = base.pick("request", "response"), append([]byte{}, base.bytes...)
				g.put("code", []byte{byte(c.code), byte(c.code >> 8)})
				variant, comment := fmt.Sprintf("code-%d", c.code), c.comment
				if !payload {
					g.bytes = g.bytes[:g.headerSize()]
					g.declare(0)
					variant, comment = variant+"-empty", comment+", without a payload"
				}
				fault := g.fault(g.pick("ERR-1", "RTY-4"), "code")
				l.same(&g, variant, comment, fault, l.unknownClauses(base)...)
			}
		}
	}
}

func (l *negativeList) unknownClauses(f *frame) []string {
	switch {
	case f.from == vectors.FromServer:
		return []string{"SEC-1"}
	case l.ed.code("error") == 0:
		return []string{"ERR-3", "ERR-4"}
	}
	return []string{"ERR-3", "ERR-4", "ERR-6"}
}

// unknownCode is a code and why somebody might send it.
type unknownCode struct {
	code    uint16
	comment string
}

func (l *negativeList) unknownCodes(f *frame) []unknownCode {
	mine, theirs := l.ed.requests, l.ed.responses
	if f.from == vectors.FromServer {
		mine, theirs = theirs, mine
	}
	last := mine[0]
	for _, code := range mine {
		last = max(last, code)
	}
	codes := []unknownCode{
		{0, "the code 0"},
		{65535, "the largest code"},
		{mine[0] - 1, "one below the first code"},
		{last + 1, "one above the last code"},
		{mine[0]<<8 | mine[0]>>8, "the first code, big-endian"},
		{theirs[0], "a code of the other side"},
	}
	if f.from == vectors.FromClient && !l.ed.hasLogin() {
		codes = append(codes, unknownCode{1102, "the login of a later edition"})
	}
	return codes
}
