package client

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// What is likely is said of a payload with a key of 162 bytes, and of no other.
func TestKeyHint(t *testing.T) {
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	code, _ := ed.Code(spec.TypePublicKey)
	login, _ := ed.Code(spec.TypeLogin)
	name := make([]byte, wire.RequestHeaderSize+wire.TextSize)
	for _, tt := range []struct {
		about string
		code  uint16
		size  uint32
		raw   []byte
		err   error
		want  bool
	}{
		{"162 bytes", code, 417, slices.Concat(name, derOf162, make([]byte, 159)), errors.New("size"), true},
		{"a header alone", code, 417, name[:wire.RequestHeaderSize], errors.New("size"), true},
		{"162 bytes of something else", code, 417, slices.Concat(name, bytes.Repeat([]byte{7}, 162)), errors.New("size"), false},
		{"160 bytes", code, 415, nil, nil, false},
		{"200 bytes", code, 455, nil, errors.New("size"), false},
		{"a login", login, 417, nil, errors.New("size"), false},
	} {
		q := peer.Request{Edition: ed, Header: wire.RequestHeader{Code: tt.code, Size: tt.size}, Raw: tt.raw, Err: tt.err}
		if tt.err == nil {
			q.Message = &wire.PublicKey{}
		}
		r := &run{Run: &target.Run{}, seen: &peer.Conversation{Requests: []peer.Request{q}}}
		if got := strings.Contains(r.keyHint(), "65537"); got != tt.want {
			t.Errorf("%s: hint %q", tt.about, r.keyHint())
		}
	}
}
