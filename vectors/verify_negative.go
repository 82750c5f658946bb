package vectors

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

func (v *verifier) negative(n *Negative) {
	ed, ok := v.edition(n.Edition, n.Clauses)
	if !ok {
		return
	}
	for _, fault := range []Fault{n.Whole, n.Stream} {
		if !slices.Contains(n.Clauses, fault.Clause) {
			v.failf("the fault breaks %s, which is not among the clauses", fault.Clause)
		}
	}
	got, err := decode(ed, n.From, n.Hex)
	if err == nil {
		err = n.judge(ed, got.parts)
	}
	v.faulty("decode", n.Whole, n.fault(ed, err))
	for _, s := range v.segmentations() {
		all, err := readAll(ed, n.From, s.reader(n.Hex))
		if err == nil && len(all) == 1 {
			err = n.judge(ed, all[0].parts)
		}
		v.faulty("read "+s.name, n.Stream, n.fault(ed, err))
	}
}

func (v *verifier) faulty(how string, want Fault, got *Fault) {
	switch {
	case got == nil:
		v.failf("%s: nothing is found wrong, expected is %v", how, want)
	case *got != want:
		v.failf("%s: the fault is %v, expected is %v", how, *got, want)
	}
}

// String returns clause, field and offset.
func (f Fault) String() string {
	return fmt.Sprintf("%s in %s at offset %d", f.Clause, f.Field, f.Offset)
}

// judge looks at what decoding leaves to the cryptography.
func (n *Negative) judge(ed *spec.Edition, m wire.Message) error {
	switch m := m.(type) {
	case *wire.PublicKey:
		_, err := seal.ParsePublicKey(m.Key)
		return err
	case *wire.KeyAccepted:
		return n.judgeWrapped(ed, m.Wrapped)
	case *wire.LoginAccepted:
		return n.judgeWrapped(ed, m.Wrapped)
	case *wire.File:
		if n.AESKey == nil {
			return nil
		}
		_, err := decrypt(n.AESKey, m.Content, len(m.Content))
		return err
	}
	return nil
}

func (n *Negative) judgeWrapped(ed *spec.Edition, wrapped []byte) error {
	if n.PrivateKey == nil {
		return nil
	}
	priv, err := seal.ParsePrivateKey(n.PrivateKey)
	if err != nil {
		return fmt.Errorf("private key of the vector: %w", err)
	}
	_, err = seal.Unwrap(priv, wrapped, ed.KeySize())
	return err
}

// fault says where in the frame an error is; nil if there is none. Errors of the
// cryptography are in the last field.
func (n *Negative) fault(ed *spec.Edition, err error) *Fault {
	var broken *wire.Error
	var key *seal.KeyError
	var ciphertext *seal.CiphertextError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &broken):
		return &Fault{broken.Clause, fieldName(broken.Field), broken.Offset}
	case errors.As(err, &key):
		last := n.fieldAt(ed, math.MaxInt)
		return &Fault{key.Clause, fieldName(last.Name), last.Offset}
	case errors.As(err, &ciphertext):
		last := n.fieldAt(ed, math.MaxInt)
		return &Fault{ciphertext.Clause, fieldName(last.Name), last.Offset}
	case errors.Is(err, io.ErrUnexpectedEOF):
		clause := "FRM-14"
		if n.From == FromServer {
			clause = "RTY-5"
		}
		return &Fault{clause, fieldName(n.fieldAt(ed, len(n.Hex)).Name), len(n.Hex)}
	}
	return &Fault{Field: err.Error()}
}

// fieldAt returns the last field of the frame that begins at or before an offset.
func (n *Negative) fieldAt(ed *spec.Edition, offset int) wire.Field {
	header, t, lookup := wire.ResponseHeaderSize, spec.TypeRegistered, ed.Response
	if n.From == FromClient {
		header, t, lookup = wire.RequestHeaderSize, spec.TypeRegister, ed.Request
	}
	if len(n.Hex) >= header { // else any message will do: the headers are alike
		t = lookup(binary.LittleEndian.Uint16(n.Hex[header-6:]))
	}
	fields := wire.Layout(ed, t, max(0, len(n.Hex)-header))
	for len(fields) > 1 && fields[len(fields)-1].Offset > offset {
		fields = fields[:len(fields)-1]
	}
	return fields[len(fields)-1]
}
