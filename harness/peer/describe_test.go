package peer

import (
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// What is sent is told in one line, whatever it is.
func FuzzDescribe(f *testing.F) {
	for _, ed := range spec.Editions() {
		b, err := wire.AppendRequest(nil, ed, wire.ID{1}, &wire.File{ContentSize: 16, Number: 1, Total: 1, Name: "a", Content: make([]byte, 16)})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(append(b, b...))
		f.Add(b[:30])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, ed := range spec.Editions() {
			if text := describe(ed, b); text == "" || strings.ContainsAny(text, "\r\n") {
				t.Errorf("edition %s: %q", ed.Name, text)
			}
		}
	})
}
