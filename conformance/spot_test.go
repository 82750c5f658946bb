package conformance

import (
	"testing"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// talk returns a conversation in which a server sent frames, one event each.
func talk(client string, frames ...[]byte) *trace.Transcript {
	t := &trace.Transcript{Edition: spec.DefaultEdition, Client: client}
	for _, f := range frames {
		t.Events = append(t.Events, trace.Event{Dir: trace.ToClient, Kind: trace.Data, Data: f})
	}
	return t
}

func TestSpotInConversations(t *testing.T) {
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	refused, err := wire.AppendResponse(nil, ed, &wire.RegistrationRefused{})
	if err != nil {
		t.Fatal(err)
	}
	thanks, err := wire.AppendResponse(nil, ed, &wire.Thanks{})
	if err != nil {
		t.Fatal(err)
	}
	astray := []byte{0x63, 0x6f, 0x6e, 0x76, 0x65, 0x72, 0x73, 0x61, 0x74}
	talks := []*trace.Transcript{
		talk("127.0.0.1:4000", thanks),
		talk("127.0.0.1:5000", refused, thanks[:9]),
		talk("127.0.0.1:6000", refused, astray),
	}
	at := func(port int, raw []byte) *report.Place {
		return (&spot{dir: trace.ToClient, port: port, raw: raw, field: "code", offset: 1}).in(ed, talks)
	}
	for _, test := range []struct {
		what string
		got  *report.Place
		want report.Place
	}{
		{"the whole frame", at(5000, refused), report.Place{Conn: 2, Direction: "<", Frame: 1, Field: "code", Offset: 1}},
		{"a part of it", at(5000, thanks[:9]), report.Place{Conn: 2, Direction: "<", Frame: 2, Field: "code", Offset: 1}},
		{"any connection", at(0, thanks), report.Place{Conn: 1, Direction: "<", Frame: 1, Field: "code", Offset: 1}},
		{"where the server lost its step", at(6000, astray[2:]), report.Place{Conn: 3, Direction: "<", Frame: 2}},
	} {
		if test.got == nil || *test.got != test.want {
			t.Errorf("%s: %+v, want %+v", test.what, test.got, test.want)
		}
	}
	if got := at(4000, refused); got != nil {
		t.Errorf("what was not sent is at %+v", got)
	}
}

func TestWrongByte(t *testing.T) {
	for _, test := range []struct {
		got  []byte
		want any
		at   int
	}{
		{[]byte{1, 0, 0, 2}, uint32(1), 3},
		{[]byte{0, 1}, uint16(1), 0},
		{[]byte("Ada\x00junk"), "Ada", 4},
		{[]byte("Adam\x00"), "Ada", 3},
		{[]byte{1, 2, 3}, []byte{1, 2, 4}, 2},
		{[]byte{1, 2, 3}, wire.ID{1, 2}, 2},
	} {
		if at := wrongByte(test.got, test.want); at != test.at {
			t.Errorf("% x instead of %v: %d, want %d", test.got, test.want, at, test.at)
		}
	}
}

func TestNothingIsPointedOutBesidesACase(*testing.T) {
	PointOut(peer.Reply{Raw: []byte{1}}, "version", 0) // does not panic
}
