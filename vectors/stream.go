package vectors

import (
	"bytes"
	"errors"
	"io"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// decoded is a frame that was taken apart.
type decoded struct {
	message string
	fields  Fields
	parts   wire.Message
}

// decode takes the bytes of one whole frame apart.
func decode(ed *spec.Edition, from string, frame []byte) (decoded, error) {
	if from == FromClient {
		h, m, err := wire.DecodeRequest(ed, frame)
		if err != nil {
			return decoded{}, err
		}
		return fromRequest(ed, h, m), nil
	}
	h, m, err := wire.DecodeResponse(ed, frame)
	if err != nil {
		return decoded{}, err
	}
	return fromResponse(ed, h, m), nil
}

func fromRequest(ed *spec.Edition, h wire.RequestHeader, m wire.Message) decoded {
	d := decoded{m.Type().String(), Fields{ClientID: append(Hex{}, h.Client[:]...), Version: h.Version, Code: h.Code, PayloadSize: h.Size}, m}
	d.fields.load(ed, m)
	return d
}

func fromResponse(ed *spec.Edition, h wire.ResponseHeader, m wire.Message) decoded {
	d := decoded{m.Type().String(), Fields{Version: h.Version, Code: h.Code, PayloadSize: h.Size}, m}
	d.fields.load(ed, m)
	return d
}

// readAll takes a stream apart, up to its end or the first error.
func readAll(ed *spec.Edition, from string, stream io.Reader) ([]decoded, error) {
	next := responses(ed, stream)
	if from == FromClient {
		next = requests(ed, stream)
	}
	var all []decoded
	for {
		d, err := next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, d)
	}
}

func requests(ed *spec.Edition, stream io.Reader) func() (decoded, error) {
	r := wire.NewRequestReader(stream, ed, 0)
	return func() (decoded, error) {
		h, m, err := r.Next()
		if err != nil {
			return decoded{}, err
		}
		if file, ok := m.(*wire.File); ok {
			packet := *file // the reader uses it again
			if packet.Content, err = content(r); err != nil {
				return decoded{}, err
			}
			m = &packet
		}
		return fromRequest(ed, h, m), nil
	}
}

// content joins the pieces of a payload.
func content(r *wire.RequestReader) ([]byte, error) {
	var joined []byte
	for {
		piece, err := r.Content()
		if errors.Is(err, io.EOF) {
			return joined, nil
		}
		if err != nil {
			return nil, err
		}
		joined = append(joined, piece...)
	}
}

func responses(ed *spec.Edition, stream io.Reader) func() (decoded, error) {
	r := wire.NewResponseReader(stream, ed)
	return func() (decoded, error) {
		h, m, err := r.Next()
		if err != nil {
			return decoded{}, err
		}
		return fromResponse(ed, h, m), nil
	}
}

// segmentation is a way in which a stream may arrive (FRM-5).
type segmentation struct {
	name string
	next func() int // bytes of the next segment, at least 1
}

func (v *verifier) segmentations() []segmentation {
	return []segmentation{
		{"in one piece", func() int { return 1 << 20 }},
		{"byte by byte", func() int { return 1 }},
		{"in random chunks", func() int { return 1 + v.chunks.IntN(300) }},
	}
}

// segmented is a stream that arrives in segments.
type segmented struct {
	rest *bytes.Reader
	next func() int
}

func (s segmentation) reader(p []byte) io.Reader { return &segmented{bytes.NewReader(p), s.next} }

func (s *segmented) Read(p []byte) (int, error) { return s.rest.Read(p[:min(len(p), s.next())]) }
