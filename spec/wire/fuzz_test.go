package wire

import (
	"errors"
	"io"
	"reflect"
	"testing"

	"github.com/xferspec/xferspec/spec"
)

// addSeeds adds every sample of one direction, whole and cut, in every edition.
func addSeeds(f *testing.F, request bool, add func(edition uint8, frame []byte)) {
	for i, ed := range spec.Editions() {
		for _, m := range samples(ed) {
			if m.Type().IsRequest() == request {
				frame := mustEncode(f, ed, m)
				add(uint8(i), frame)
				add(uint8(i), frame[:len(frame)/2])
			}
		}
	}
}

// fuzzEdition makes an edition of any number.
func fuzzEdition(n uint8) *spec.Edition {
	all := spec.Editions()
	return all[int(n)%len(all)]
}

// checkDecoded wants an error of the right type, or a message that encodes to
// bytes that decode to itself.
func checkDecoded(t *testing.T, m Message, err error, encode func(Message) ([]byte, error), decode func([]byte) (Message, error)) {
	t.Helper()
	if err != nil {
		var fault *Error
		if !errors.As(err, &fault) || fault.Clause == "" || fault.Field == "" || fault.Offset < 0 {
			t.Errorf("an error that says too little: %#v", err)
		}
		return
	}
	frame, err := encode(m)
	if err != nil {
		t.Fatalf("%+v was decoded, but does not encode: %v", m, err)
	}
	if again, err := decode(frame); err != nil || !reflect.DeepEqual(again, m) {
		t.Errorf("%+v came back as %+v, %v", m, again, err)
	}
}

func FuzzDecodeRequest(f *testing.F) {
	addSeeds(f, true, func(edition uint8, frame []byte) { f.Add(edition, frame) })
	f.Fuzz(func(t *testing.T, n uint8, frame []byte) {
		ed := fuzzEdition(n)
		h, m, err := DecodeRequest(ed, frame)
		checkDecoded(t, m, err,
			func(m Message) ([]byte, error) { return AppendRequest(nil, ed, h.Client, m) },
			func(b []byte) (Message, error) { _, m, err := DecodeRequest(ed, b); return m, err })
	})
}

func FuzzDecodeResponse(f *testing.F) {
	addSeeds(f, false, func(edition uint8, frame []byte) { f.Add(edition, frame) })
	f.Fuzz(func(t *testing.T, n uint8, frame []byte) {
		ed := fuzzEdition(n)
		_, m, err := DecodeResponse(ed, frame)
		checkDecoded(t, m, err,
			func(m Message) ([]byte, error) { return AppendResponse(nil, ed, m) },
			func(b []byte) (Message, error) { _, m, err := DecodeResponse(ed, b); return m, err })
	})
}

// FuzzRequestReader reads any stream in any chunks, and wants of every whole
// message what DecodeRequest makes of it, and the right end.
func FuzzRequestReader(f *testing.F) {
	for i, ed := range spec.Editions() {
		stream, _ := conversation(f, ed, true)
		f.Add(uint8(i), uint16(1), stream)
		f.Add(uint8(i), uint16(400), stream[:len(stream)-7])
	}
	addSeeds(f, true, func(edition uint8, frame []byte) { f.Add(edition, uint16(7), frame) })
	f.Fuzz(func(t *testing.T, n uint8, chunk uint16, stream []byte) {
		ed := fuzzEdition(n)
		r := newReader(ed, true, &chunks{bytes: stream, lengths: []int{int(chunk) + 1}})
		for {
			frame := firstFrame(stream)
			got, err := read(r)
			if frame == nil {
				checkEnd(t, r, stream, err)
				return
			}
			_, want, wantErr := DecodeRequest(ed, frame)
			if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(err, wantErr) {
				t.Fatalf("read %+v, %v\nwant %+v, %v", got, err, want, wantErr)
			}
			stream = stream[len(frame):]
		}
	})
}

// firstFrame returns the request that a stream begins with, nil if it is not whole.
func firstFrame(stream []byte) []byte {
	if len(stream) < RequestHeaderSize {
		return nil
	}
	end := uint64(RequestHeaderSize) + uint64(parseRequestHeader(stream).Size)
	if end > uint64(len(stream)) {
		return nil
	}
	return stream[:end]
}

// checkEnd wants the end of the stream to be seen as what it is: in a message
// whose header is already an *Error, on the way to the next.
func checkEnd(t *testing.T, r reader, left []byte, err error) {
	t.Helper()
	if len(left) == 0 {
		if !errors.Is(err, io.EOF) {
			t.Errorf("at the end: %v, want io.EOF", err)
		}
		return
	}
	if _, malformed := errors.AsType[*Error](err); malformed {
		_, err = r.next()
	}
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("within a message: %v, want io.ErrUnexpectedEOF", err)
	}
}
