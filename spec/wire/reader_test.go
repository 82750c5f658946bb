package wire

import (
	"bytes"
	"errors"
	"io"
	"os"
	"reflect"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/xferspec/xferspec/spec"
)

// stream of all samples of one direction, and the samples.
func conversation(t testing.TB, ed *spec.Edition, request bool) (bytes []byte, messages []Message) {
	t.Helper()
	for _, m := range samples(ed) {
		if m.Type().IsRequest() == request {
			bytes = append(bytes, mustEncode(t, ed, m)...)
			messages = append(messages, m)
		}
	}
	return bytes, messages
}

// Segmentation carries no meaning (FRM-5): one read for everything, one for
// every byte, halves, and an end of stream that comes with the last bytes.
func TestReaderDoesNotSeeSegments(t *testing.T) {
	segmentations := map[string]func(io.Reader) io.Reader{
		"all at once":   func(r io.Reader) io.Reader { return r },
		"byte by byte":  iotest.OneByteReader,
		"in halves":     iotest.HalfReader,
		"end with data": iotest.DataErrReader,
	}
	for name, segment := range segmentations {
		for _, ed := range spec.Editions() {
			for _, request := range []bool{true, false} {
				stream, want := conversation(t, ed, request)
				r := newReader(ed, request, segment(bytes.NewReader(stream)))
				for _, m := range want {
					got, err := read(r)
					if err != nil || !reflect.DeepEqual(got, m) {
						t.Fatalf("%s, %s: read %+v, %v; want %+v", name, ed.Name, got, err, m)
					}
				}
				if _, err := r.next(); !errors.Is(err, io.EOF) {
					t.Errorf("%s, %s: after the last message %v, want io.EOF", name, ed.Name, err)
				}
			}
		}
	}
}

func TestReaderGivesTheHeader(t *testing.T) {
	ed := edition(t, "2024a")
	h, _, err := NewRequestReader(bytes.NewReader(mustEncode(t, ed, &Login{"Ada"})), ed, 0).Next()
	if err != nil || h != (RequestHeader{ada, 3, 1027, 255}) {
		t.Errorf("request header %+v, %v", h, err)
	}
	rh, _, err := NewResponseReader(bytes.NewReader(mustEncode(t, ed, &Thanks{ada})), ed).Next()
	if err != nil || rh != (ResponseHeader{3, 1604, 16}) {
		t.Errorf("response header %+v, %v", rh, err)
	}
}

func TestReaderKnowsWhatIsBuffered(t *testing.T) {
	ed := edition(t, "2024a")
	r := NewResponseReader(bytes.NewReader(slices.Concat(mustEncode(t, ed, &Thanks{ada}), []byte("more"))), ed)
	if r.Buffered() != 0 {
		t.Errorf("%d bytes are buffered before the first read", r.Buffered())
	}
	if _, _, err := r.Next(); err != nil || r.Buffered() != 4 {
		t.Errorf("%v, %d bytes are buffered behind the message, want 4", err, r.Buffered())
	}
}

func TestReaderAtACut(t *testing.T) {
	for _, ed := range spec.Editions() {
		for _, m := range samples(ed) {
			frame := mustEncode(t, ed, m)
			for cut := range frame {
				r := newReader(ed, m.Type().IsRequest(), bytes.NewReader(frame[:cut]))
				_, err := read(r)
				if cut == 0 && !errors.Is(err, io.EOF) {
					t.Fatalf("%s %s: before the first byte %v, want io.EOF", ed.Name, m.Type(), err)
				}
				if cut > 0 && (!errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)) {
					t.Fatalf("%s %s cut to %d bytes: %v, want io.ErrUnexpectedEOF", ed.Name, m.Type(), cut, err)
				}
			}
		}
	}
}

// A deadline that passes is told apart from the end of the stream.
func TestReaderPassesOtherErrorsOn(t *testing.T) {
	ed := edition(t, "2024a")
	frame := mustEncode(t, ed, &Login{"Ada"})
	for _, cut := range []int{0, 10, 23, 100} {
		late := io.MultiReader(bytes.NewReader(frame[:cut]), iotest.ErrReader(os.ErrDeadlineExceeded))
		_, _, err := NewRequestReader(late, ed, 0).Next()
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("after %d bytes: %v", cut, err)
		}
	}
}

func TestReaderGoesOnBehindWhatItCannotRead(t *testing.T) {
	ed := edition(t, "2024a")
	next := mustEncode(t, ed, &CRCOK{"wire.txt"})
	unknown := append(RequestHeader{Client: ada, Version: 3, Code: 1099, Size: 3000}.Append(nil), bytes.Repeat([]byte{1, 4}, 1500)...)
	unterminated := mustEncode(t, ed, &Register{"Ada"})
	copy(unterminated[23:], bytes.Repeat([]byte("n"), TextSize))
	for name, row := range map[string]struct {
		frame  []byte
		clause string
		left   uint64 // bytes of payload that Next leaves unread
	}{
		"unknown code":          {unknown, "ERR-1", 3000},
		"wrong size":            {resized(t, ed, &Register{"Ada"}, 2000), "FRM-12", 2255},
		"no NUL":                {unterminated, "FRM-8", 0},
		"no NUL before content": {resizedName(t, ed), "FRM-8", 48},
	} {
		for _, discard := range []bool{true, false} {
			r := NewRequestReader(bytes.NewReader(slices.Concat(row.frame, next)), ed, 0)
			_, m, err := r.Next()
			var fault *Error
			if m != nil || !errors.As(err, &fault) || fault.Clause != row.clause {
				t.Errorf("%s: %v, %v", name, m, err)
			}
			if r.Left() != row.left {
				t.Errorf("%s: %d bytes are left, want %d", name, r.Left(), row.left)
			}
			if discard { // else Next does it
				if err := r.Discard(); err != nil || r.Left() != 0 {
					t.Errorf("%s: Discard: %v, %d left", name, err, r.Left())
				}
			}
			if _, m, err = r.Next(); err != nil || !reflect.DeepEqual(m, &CRCOK{"wire.txt"}) {
				t.Errorf("%s: the next message is %+v, %v", name, m, err)
			}
		}
	}
}

// resizedName is a file whose name has no NUL.
func resizedName(t *testing.T, ed *spec.Edition) []byte {
	t.Helper()
	frame := mustEncode(t, ed, &File{Name: "x", Content: make([]byte, 48)})
	copy(frame[35:], bytes.Repeat([]byte("n"), TextSize))
	return frame
}

// A name that was refused once is not taken for one that was checked before.
func TestReaderRefusesTheSameBadNameTwice(t *testing.T) {
	ed := edition(t, "2024a")
	frame := mustEncode(t, ed, &File{Name: "x"})
	frame[35] = '\n'
	r := NewRequestReader(bytes.NewReader(slices.Concat(frame, frame)), ed, 0)
	for range 2 {
		_, _, err := r.Next()
		wantError(t, err, "FRM-11", "file name", 35)
	}
}

func TestReaderCutInsideWhatItSkips(t *testing.T) {
	ed := edition(t, "2024a")
	r := NewRequestReader(bytes.NewReader(RequestHeader{Code: 1099, Size: 10}.Append(nil)), ed, 0)
	_, _, err := r.Next()
	wantError(t, err, "ERR-1", "code", 17)
	if err := r.Discard(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("Discard: %v", err)
	}
	if _, _, err := r.Next(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("Next: %v", err)
	}
}

func TestMessagesOutliveTheNextOne(t *testing.T) {
	ed := edition(t, "2024a")
	first := &KeyAccepted{ada, bytes.Repeat([]byte{1}, WrappedKeySize)}
	stream := mustEncode(t, ed, first)
	for range 10 { // more than the buffer holds
		stream = append(stream, mustEncode(t, ed, &LoginAccepted{ada, bytes.Repeat([]byte{2}, WrappedKeySize)})...)
	}
	r := newReader(ed, false, bytes.NewReader(stream))
	kept, err := r.next()
	for range 10 {
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.next()
	}
	if !reflect.DeepEqual(kept, first) {
		t.Errorf("the first message became %+v", kept)
	}
}

func TestReaderLeavesContentToTheCaller(t *testing.T) {
	ed := edition(t, "2024a")
	content := bytes.Repeat([]byte{0xc1}, 5000)
	frame := mustEncode(t, ed, &File{ContentSize: 5000, Number: 1, Total: 1, Name: "x", Content: content})
	r := NewRequestReader(bytes.NewReader(frame), ed, 2048)
	_, m, err := r.Next()
	if err != nil || m.(*File).Content != nil || r.Left() != 5000 {
		t.Fatalf("%+v, %v, %d left", m, err, r.Left())
	}
	ahead, err := r.buf.Peek(r.Buffered())
	if err != nil {
		t.Fatal(err)
	}
	piece, err := r.Content()
	if err != nil || &piece[0] != &ahead[0] || len(piece) != len(ahead) {
		t.Errorf("the first piece is not the buffer itself: %d of %d bytes, %v", len(piece), len(ahead), err)
	}
	var rest []byte
	for err == nil {
		rest = append(rest, piece...)
		piece, err = r.Content()
	}
	if !errors.Is(err, io.EOF) || !bytes.Equal(rest, content) {
		t.Errorf("%d bytes of content, %v", len(rest), err)
	}
}
