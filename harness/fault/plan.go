package fault

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Plan says what a proxy does to which frames. The zero Plan changes nothing.
type Plan struct {
	Seed    uint64        // decides which bits are flipped
	Edition *spec.Edition // whose messages the faults are about; nil in the zero Plan
	Faults  []Fault       // in the order in which they apply to a frame

	path   string // of the text
	faults ast.Node
	named  ast.Node // the edition's name in the text; nil if the plan leaves the edition open
}

// Fault is one line of a plan: a set of frames, and one thing that is done to each.
type Fault struct {
	To          []trace.Direction
	Message     spec.MessageType // TypeUnknown is any
	Where       []Condition      // all of them hold
	First, Last int              // of the frames that fit so far, from 1; Last 0 is no end
	Does        string           // what is done to them, for people

	patch *patch          // what is done to a field, or else
	route func(*delivery) // to the frame as a whole
}

// Condition wants a field to have a value.
type Condition struct {
	Field string // as in wire.Layout
	Value []byte // as it travels; of a text field, the text before the first NUL
}

// patch changes the bytes of one field in place.
type patch struct {
	field string
	least int // bytes that the field must have
	apply func(field []byte, random *rand.ChaCha8)
}

// about says whether a fault is about frames of this header, as far as that can
// be said from the header: a frame that lacks a field which the fault names, or
// ends within it, is none of them.
func (f *Fault) about(h *header) bool {
	if !slices.Contains(f.To, h.dir) || f.Message != spec.TypeUnknown && f.Message != h.kind {
		return false
	}
	for _, c := range f.Where {
		if _, ok := h.field(c.Field); !ok {
			return false
		}
	}
	if f.patch == nil {
		return true
	}
	field, ok := h.field(f.patch.field)
	return ok && field.Size >= f.patch.least
}

// ended says whether no frame after the seen ones that fit is touched any more.
func (f *Fault) ended(seen int) bool { return f.Last != 0 && seen >= f.Last }

// need returns how many bytes of a frame show whether the conditions hold.
func (f *Fault) need(h *header) int64 {
	need := 0
	for _, c := range f.Where {
		field, _ := h.field(c.Field)
		need = max(need, field.Offset+field.Size)
	}
	return int64(need)
}

// holds says whether the conditions hold for a frame that begins with head.
func (f *Fault) holds(h *header, head []byte) bool {
	for _, c := range f.Where {
		field, _ := h.field(c.Field)
		value := head[field.Offset : field.Offset+field.Size]
		if field.Kind == wire.KindText {
			value, _, _ = bytes.Cut(value, []byte{0}) // FRM-9
		}
		if !bytes.Equal(value, c.Value) {
			return false
		}
	}
	return true
}

// random returns the source for one change: it depends on nothing but the seed,
// the fault and the occurrence, and so not on what other connections do.
func (p *Plan) random(fault, occurrence int) *rand.ChaCha8 {
	var key [32]byte
	for i, n := range []uint64{p.Seed, uint64(fault), uint64(occurrence)} {
		binary.LittleEndian.PutUint64(key[8*i:], n)
	}
	return rand.NewChaCha8(key)
}

// For returns the plan as read for an edition. It is an *Error if the plan names
// another edition, or a message or field that this one does not have.
func (p *Plan) For(ed *spec.Edition) (*Plan, error) {
	switch {
	case p.Edition == nil:
		return &Plan{Seed: p.Seed, Edition: ed}, nil
	case p.Edition.Name == ed.Name:
		return p, nil
	case p.named != nil:
		return nil, errorAt(p.path, p.named, fmt.Sprintf("the plan is for edition %s, not %s", p.Edition.Name, ed.Name))
	}
	return p.read(ed)
}
