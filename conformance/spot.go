package conformance

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// spot is the first wrong byte of a message that the target sent.
type spot struct {
	dir    trace.Direction
	port   int    // of the client, 0 if it is not known
	raw    []byte // the message, or as much of it as there was
	field  string
	offset int
}

const spotName = "first wrong byte"

// PointOut says for a case that is about to fail where in a message of the
// target, a peer.Reply or a peer.Request, the first wrong byte is, in bytes from
// its first, at most its length. Of several that a case points out, the last one counts.
func PointOut(message any, field string, offset int) {
	s := spot{field: field}
	switch m := message.(type) {
	case peer.Reply:
		s.dir, s.raw, s.port = trace.ToClient, m.Raw, m.Port
	case peer.Request:
		s.dir, s.raw = trace.ToServer, m.Raw
	}
	s.offset = min(offset, len(s.raw))
	running := !ginkgo.CurrentSpecReport().StartTime.IsZero() // else this is a test of a matcher
	if running && len(s.raw) > 0 {
		ginkgo.AddReportEntry(spotName, ginkgo.ReportEntryVisibilityNever, s)
	}
}

// PointOutFault points out what is wrong with a message by its error: the field of
// a *wire.Error, or of any other error the end of the message, which came too
// early. Without an error it is the code: another message was due.
func PointOutFault(message Fielded, err error) {
	broken, ok := errors.AsType[*wire.Error](err)
	switch {
	case ok:
		PointOut(message, broken.Field, broken.Offset)
	case err != nil:
		PointOut(message, "", math.MaxInt)
	default:
		PointOutField(message, "code")
	}
}

// PointOutField points out the beginning of a field.
func PointOutField(message Fielded, name string) {
	if _, at, err := message.Field(name); err == nil {
		PointOut(message, name, at.Offset)
	}
}

// spotOf returns the spot that a case pointed out, or nil.
func spotOf(r types.SpecReport) *spot {
	var last *spot
	for _, entry := range r.ReportEntries {
		if s, ok := entry.GetRawValue().(spot); ok {
			last = &s
		}
	}
	return last
}

// in finds the spot in the conversations of its case; nil if it is not there.
// Where the target lost its step, that is where its first wrong byte is.
func (s *spot) in(ed *spec.Edition, talks []*trace.Transcript) *report.Place {
	client := fmt.Sprintf(":%d", s.port)
	for i, t := range talks {
		if s.port != 0 && !strings.HasSuffix(t.Client, client) {
			continue
		}
		n := 0
		for _, f := range t.Frames(ed) {
			if f.Dir != s.dir {
				continue
			}
			n++
			place := &report.Place{Conn: i + 1, Direction: s.dir.String(), Frame: n, Field: s.field, Offset: s.offset}
			switch {
			case errors.Is(f.Err, trace.ErrOutOfStep) && bytes.Contains(f.Bytes, s.raw):
				place.Field, place.Offset = "", 0
				return place
			case bytes.HasPrefix(f.Bytes, s.raw), bytes.HasPrefix(s.raw, f.Bytes):
				return place
			}
		}
	}
	return nil
}

// wrongByte returns the index of the first byte of a field that differs from
// the value it should have.
func wrongByte(got []byte, want any) int {
	var right []byte
	switch want := want.(type) {
	case string:
		right = append([]byte(want), 0)
	case []byte:
		right = want
	default:
		right, _ = binary.Append(nil, binary.LittleEndian, want) // whatever has no fixed size begins to differ at 0
	}
	n := min(len(got), len(right))
	for i := range n {
		if got[i] != right[i] {
			return i
		}
	}
	return n
}
