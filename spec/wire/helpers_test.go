package wire

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec"
)

// ada is the client id of the protocol's worked example.
var ada = ID{0xf3, 0x2b, 0xda, 0x4a, 0xee, 0x87, 0x43, 0xe7, 0x91, 0x35, 0x2f, 0xdf, 0x31, 0x1c, 0xee, 0x77}

// adaHex is ada in the bytes of a golden message.
const adaHex = "f32bda4aee8743e791352fdf311cee77 "

func edition(t testing.TB, name string) *spec.Edition {
	t.Helper()
	ed, err := spec.LookupEdition(name)
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

// unhex reads bytes in hex; "00*247" is 247 bytes of 00, spaces are for the eye.
func unhex(t testing.TB, text string) []byte {
	t.Helper()
	var out []byte
	for _, word := range strings.Fields(text) {
		digits, times, repeated := strings.Cut(word, "*")
		b, err := hex.DecodeString(digits)
		if err != nil {
			t.Fatalf("%q: %v", word, err)
		}
		n := 1
		if repeated {
			if n, err = strconv.Atoi(times); err != nil {
				t.Fatalf("%q: %v", word, err)
			}
		}
		out = append(out, bytes.Repeat(b, n)...)
	}
	return out
}

// golden is a message and its bytes, header included, as unhex reads them.
type golden struct {
	edition string
	message Message
	bytes   string
}

// checkGolden wants each message to encode to its bytes, and the bytes to decode
// to the message, at once and from a stream.
func checkGolden(t *testing.T, rows ...golden) {
	t.Helper()
	for _, row := range rows {
		ed, want := edition(t, row.edition), unhex(t, row.bytes)
		got, err := encode(ed, row.message)
		if err != nil {
			t.Errorf("%s %s: %v", row.edition, row.message.Type(), err)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s %s encodes to\n%x\nwant\n%x", row.edition, row.message.Type(), got, want)
		}
		m, err := decode(ed, row.message.Type().IsRequest(), want)
		if err != nil || !reflect.DeepEqual(m, row.message) {
			t.Errorf("%s %s decodes to %+v, %v", row.edition, row.message.Type(), m, err)
		}
		m, err = read(newReader(ed, row.message.Type().IsRequest(), bytes.NewReader(want)))
		if err != nil || !reflect.DeepEqual(m, row.message) {
			t.Errorf("%s %s is read as %+v, %v", row.edition, row.message.Type(), m, err)
		}
	}
}

// encode encodes a request from ada, or a response.
func encode(ed *spec.Edition, m Message) ([]byte, error) {
	if m.Type().IsRequest() {
		return AppendRequest(nil, ed, ada, m)
	}
	return AppendResponse(nil, ed, m)
}

func mustEncode(t testing.TB, ed *spec.Edition, m Message) []byte {
	t.Helper()
	b, err := encode(ed, m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decode(ed *spec.Edition, request bool, frame []byte) (Message, error) {
	if request {
		_, m, err := DecodeRequest(ed, frame)
		return m, err
	}
	_, m, err := DecodeResponse(ed, frame)
	return m, err
}

// reader is what RequestReader and ResponseReader have in common.
type reader struct {
	*stream
	next func() (Message, error)
}

func newReader(ed *spec.Edition, request bool, r io.Reader) reader {
	if request {
		rr := NewRequestReader(r, ed, 0)
		return reader{&rr.stream, func() (Message, error) { _, m, err := rr.Next(); return m, err }}
	}
	rr := NewResponseReader(r, ed)
	return reader{&rr.stream, func() (Message, error) { _, m, err := rr.Next(); return m, err }}
}

// read reads one message whole: a file in a struct of its own, with its content.
func read(r reader) (Message, error) {
	m, err := r.next()
	if err != nil {
		return nil, err
	}
	file, ok := m.(*File)
	if !ok {
		return m, nil
	}
	whole := *file
	for {
		piece, err := r.Content()
		if errors.Is(err, io.EOF) {
			return &whole, nil
		}
		if err != nil {
			return nil, err
		}
		whole.Content = append(whole.Content, piece...)
	}
}

// wantError wants err to be an *Error with these parts.
func wantError(t *testing.T, err error, clause, field string, offset int) {
	t.Helper()
	var fault *Error
	if !errors.As(err, &fault) {
		t.Errorf("got %v, want an *Error about %s", err, clause)
		return
	}
	if fault.Clause != clause || fault.Field != field || fault.Offset != offset || fault.Reason == "" {
		t.Errorf("got %v, want %s at offset %d (%s)", fault, field, offset, clause)
	}
}

// samples are one message of every type that the edition has.
func samples(ed *spec.Edition) []Message {
	all := []Message{
		&Register{"Ada"},
		&PublicKey{"Ada", bytes.Repeat([]byte{0x30}, PublicKeySize)},
		&Login{"Ada"},
		&File{ContentSize: 48, Name: "wire.txt", Content: bytes.Repeat([]byte{0xc1}, 48)},
		&CRCOK{"wire.txt"},
		&CRCBad{"wire.txt"},
		&CRCAbort{"wire.txt"},
		&Registered{ada},
		&RegistrationRefused{},
		&KeyAccepted{ada, bytes.Repeat([]byte{0x11}, WrappedKeySize)},
		&FileReceived{ada, 48, "wire.txt", 322289212},
		&Thanks{},
		&LoginAccepted{ada, bytes.Repeat([]byte{0x22}, WrappedKeySize)},
		&LoginRefused{ada},
		&GeneralError{},
	}
	return slices.DeleteFunc(all, func(m Message) bool { return !ed.Has(m.Type()) })
}
