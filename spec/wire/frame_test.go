package wire

import (
	"bytes"
	"slices"
	"testing"

	"github.com/xferspec/xferspec/spec"
)

func TestFrameSetsIntegers(t *testing.T) {
	ed := edition(t, "2024a")
	f, err := RequestFrame(ed, ada, &File{ContentSize: 48, Name: "wire.txt", Content: make([]byte, 48)})
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Clone(f.Bytes)
	for _, row := range []struct {
		name   string
		value  uint64
		offset int
		bytes  []byte
	}{
		{"version", 0xfe, 16, []byte{0xfe}},
		{"code", 0xabcd, 17, []byte{0xcd, 0xab}},
		{"payload size", 1<<32 - 1, 19, []byte{0xff, 0xff, 0xff, 0xff}},
		{"packet number", 0, 31, []byte{0, 0}},
		{"total packets", 0x0102, 33, []byte{2, 1}},
		{"content size", 7, 23, []byte{7, 0, 0, 0}},
	} {
		if err := f.PutUint(row.name, row.value); err != nil {
			t.Fatal(err)
		}
		copy(want[row.offset:], row.bytes)
		if !bytes.Equal(f.Bytes, want) {
			t.Fatalf("after %s = %#x:\n%x\nwant\n%x", row.name, row.value, f.Bytes, want)
		}
	}
	wantText(t, f.PutUint("packet number", 65536), `field "packet number" has 2 bytes, 65536 does not fit`)
	wantText(t, f.PutUint("file name", 1), `field "file name" is no integer`)
	if !bytes.Equal(f.Bytes, want) {
		t.Error("a refused value changed the frame")
	}
}

func TestFrameSetsBytes(t *testing.T) {
	f, err := ResponseFrame(edition(t, "2024a"), &KeyAccepted{ada, make([]byte, WrappedKeySize)})
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Clone(f.Bytes)
	if err := f.PutBytes("wrapped key", []byte("key")); err != nil {
		t.Fatal(err)
	}
	copy(want[23:], "key")
	if !bytes.Equal(f.Bytes, want) {
		t.Errorf("the frame is\n%x\nwant\n%x", f.Bytes, want)
	}
	wantText(t, f.PutBytes("client id", make([]byte, 17)), `field "client id" has 16 bytes, 17 do not fit`)
	if got, err := f.Field("client id"); err != nil || !bytes.Equal(got, ada[:]) {
		t.Errorf("client id %x, %v", got, err)
	}
}

func TestFrameNamesItsFields(t *testing.T) {
	f, err := ResponseFrame(edition(t, "2024a"), &Thanks{ada})
	if err != nil {
		t.Fatal(err)
	}
	const want = `the frame has no field "name": it has ["version" "code" "payload size" "client id"]`
	wantText(t, f.PutBytes("name", nil), want)
	wantText(t, f.PutUint("name", 0), want)
	if got := table(f.Fields()); got != responseHeader+", 7+16 client id" {
		t.Errorf("fields: %s", got)
	}
}

func TestFrameThatWasCut(t *testing.T) {
	f, err := ResponseFrame(edition(t, "2024a"), &Thanks{ada})
	if err != nil {
		t.Fatal(err)
	}
	f.Bytes = f.Bytes[:22]
	wantText(t, f.PutBytes("client id", []byte{1}), `field "client id" ends at byte 23, the frame was cut to 22`)
	if err := f.PutUint("code", 1); err != nil {
		t.Errorf("a field before the cut: %v", err)
	}
}

func TestFrameOfWhatCannotBeEncoded(t *testing.T) {
	ed := edition(t, "2022c")
	if f, err := RequestFrame(ed, ada, &Login{"Ada"}); err == nil || f != nil {
		t.Errorf("%v, %v", f, err)
	}
	if f, err := ResponseFrame(ed, &GeneralError{}); err == nil || f != nil {
		t.Errorf("%v, %v", f, err)
	}
}

func frameOf(ed *spec.Edition, m Message) (*Frame, error) {
	if m.Type().IsRequest() {
		return RequestFrame(ed, ada, m)
	}
	return ResponseFrame(ed, m)
}

// What is made wrong on purpose starts as what is right.
func TestFramesBeginAsTheirEncoding(t *testing.T) {
	for _, ed := range spec.Editions() {
		for _, m := range samples(ed) {
			f, err := frameOf(ed, m)
			if err != nil || !bytes.Equal(f.Bytes, mustEncode(t, ed, m)) {
				t.Errorf("%s %s: %v, %v", ed.Name, m.Type(), f, err)
			}
		}
	}
}
