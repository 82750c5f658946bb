package message

import (
	"bytes"
	"testing"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

func TestFieldsCanBeChanged(t *testing.T) {
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	file := &wire.File{ContentSize: 32, OriginalSize: 20, Number: 1, Total: 1, Name: "a.txt", Content: make([]byte, 32)}
	b, err := wire.AppendRequest(nil, ed, wire.ID{1}, file)
	if err != nil {
		t.Fatal(err)
	}
	if size, ok := RequestSize(b); !ok || size != int64(len(b)) {
		t.Errorf("size %d, %v", size, ok)
	}
	m := Request(ed, b)
	m.Put("packet number", 0x10002) // as much as it holds
	m.Turn("original size")
	m.SetText("b")
	copy(m.Padding(), "stale")
	m.Put("no such field", 1)
	if !m.Is(spec.TypeFile) || m.Uint("packet number") != 2 || m.Uint("original size") != 20<<24 || m.Text() != "b" {
		t.Errorf("%v: number %d, size %d, name %q", m.Type, m.Uint("packet number"), m.Uint("original size"), m.Text())
	}
	if !bytes.Contains(m.Bytes, []byte("b\x00stale")) {
		t.Error("the padding was not written")
	}
}

// What is shorter than its code says has the fields that are there.
func TestShortResponse(t *testing.T) {
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	b, err := wire.AppendResponse(nil, ed, &wire.FileReceived{Name: "a.txt"})
	if err != nil {
		t.Fatal(err)
	}
	m := Response(ed, b[:40])
	if m.Text() != "" || m.Field("cksum") != nil || len(m.Field("client id")) != wire.IDSize {
		t.Errorf("text %q, id %x", m.Text(), m.Field("client id"))
	}
	m.SetText("b")
	if size, ok := ResponseSize(b[:6]); ok {
		t.Errorf("size %d of half a header", size)
	}
}
