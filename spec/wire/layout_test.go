package wire

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec"
)

// table writes a layout as one line: offset, size and name of every field.
func table(fields []Field) string {
	var out []string
	for _, f := range fields {
		out = append(out, fmt.Sprintf("%d+%d %s", f.Offset, f.Size, f.Name))
	}
	return strings.Join(out, ", ")
}

const (
	requestHeader  = "0+16 client id, 16+1 version, 17+2 code, 19+4 payload size"
	responseHeader = "0+1 version, 1+2 code, 3+4 payload size"
)

func TestLayoutOf2024a(t *testing.T) {
	ed := edition(t, "2024a")
	for m, want := range map[spec.MessageType]string{
		spec.TypeRegister:  requestHeader + ", 23+255 name",
		spec.TypePublicKey: requestHeader + ", 23+255 name, 278+160 public key",
		spec.TypeLogin:     requestHeader + ", 23+255 name",
		spec.TypeFile: requestHeader + ", 23+4 content size, 27+4 original size, 31+2 packet number, 33+2 total packets, " +
			"35+255 file name, 290+48 content",
		spec.TypeCRCOK:               requestHeader + ", 23+255 file name",
		spec.TypeCRCBad:              requestHeader + ", 23+255 file name",
		spec.TypeCRCAbort:            requestHeader + ", 23+255 file name",
		spec.TypeRegistered:          responseHeader + ", 7+16 client id",
		spec.TypeRegistrationRefused: responseHeader,
		spec.TypeKeyAccepted:         responseHeader + ", 7+16 client id, 23+128 wrapped key",
		spec.TypeFileReceived:        responseHeader + ", 7+16 client id, 23+4 content size, 27+255 file name, 282+4 cksum",
		spec.TypeThanks:              responseHeader + ", 7+16 client id",
		spec.TypeLoginAccepted:       responseHeader + ", 7+16 client id, 23+128 wrapped key",
		spec.TypeLoginRefused:        responseHeader + ", 7+16 client id",
		spec.TypeError:               responseHeader,
		spec.TypeUnknown:             responseHeader,
	} {
		if got := table(Layout(ed, m, 267+48)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", m, got, want)
		}
	}
}

func TestLayoutOfOtherEditions(t *testing.T) {
	for _, row := range []struct {
		edition string
		message spec.MessageType
		want    string
	}{
		{"2022c", spec.TypeFile, requestHeader + ", 23+16 client id (repeated), 39+4 content size, 43+255 file name, 298+48 content"},
		{"2022c", spec.TypeCRCOK, requestHeader + ", 23+16 client id (repeated), 39+255 file name"},
		{"2022c", spec.TypeThanks, responseHeader},
		{"2023a", spec.TypeFile, requestHeader + ", 23+4 content size, 27+255 file name, 282+48 content"},
		{"2023c", spec.TypeFile, requestHeader + ", 23+4 content size, 27+255 file name, 282+48 content"},
	} {
		ed := edition(t, row.edition)
		least, _ := PayloadSize(ed, row.message)
		if got := table(Layout(ed, row.message, least+48)); got != row.want {
			t.Errorf("%s %s:\n got %s\nwant %s", row.edition, row.message, got, row.want)
		}
	}
}

func TestLayoutsHaveNoGaps(t *testing.T) {
	sizes := map[Kind]int{KindID: IDSize, KindText: TextSize}
	for _, ed := range spec.Editions() {
		for _, m := range slices.Concat(spec.RequestTypes(), spec.ResponseTypes()) {
			least, open := PayloadSize(ed, m)
			payload := least
			if open {
				payload += 1024
			}
			end, names := 0, map[string]bool{}
			for _, f := range Layout(ed, m, payload) {
				if f.Offset != end {
					t.Errorf("%s %s: %s begins at %d, the field before ends at %d", ed.Name, m, f.Name, f.Offset, end)
				}
				if want := sizes[f.Kind]; want != 0 && f.Size != want || f.Kind == KindUint && f.Size > 4 || f.Size == 0 {
					t.Errorf("%s %s: %s has %d bytes", ed.Name, m, f.Name, f.Size)
				}
				if names[f.Name] {
					t.Errorf("%s %s: two fields are called %s", ed.Name, m, f.Name)
				}
				end, names[f.Name] = f.Offset+f.Size, true
			}
			if want := headerSize(m.IsRequest()) + payload; end != want {
				t.Errorf("%s %s: the fields end at %d, the message at %d", ed.Name, m, end, want)
			}
		}
	}
}

func TestLayoutOfTooShortAPayload(t *testing.T) {
	fields := Layout(edition(t, "2024a"), spec.TypeFile, 10)
	if last := fields[len(fields)-1]; last != (Field{"content", KindBytes, 290, 0}) {
		t.Errorf("the content is %+v", last)
	}
}

func TestHeaderLayout(t *testing.T) {
	if got := table(HeaderLayout(true)); got != requestHeader {
		t.Errorf("request: %s", got)
	}
	if got := table(HeaderLayout(false)); got != responseHeader {
		t.Errorf("response: %s", got)
	}
}

func TestPayloadSizes(t *testing.T) {
	want := map[string][]int{ // in the order of the types
		"2022c": {255, 415, 255, 275, 271, 271, 271, 16, 0, 144, 279, 0, 144, 16, 0},
		"2023a": {255, 415, 255, 259, 255, 255, 255, 16, 0, 144, 279, 16, 144, 16, 0},
		"2023c": {255, 415, 255, 259, 255, 255, 255, 16, 0, 144, 279, 16, 144, 16, 0},
		"2024a": {255, 415, 255, 267, 255, 255, 255, 16, 0, 144, 279, 16, 144, 16, 0},
		"2024c": {255, 415, 255, 267, 255, 255, 255, 16, 0, 144, 279, 16, 144, 16, 0},
	}
	for _, ed := range spec.Editions() {
		for i, m := range slices.Concat(spec.RequestTypes(), spec.ResponseTypes()) {
			size, open := PayloadSize(ed, m)
			if size != want[ed.Name][i] || open != (m == spec.TypeFile) {
				t.Errorf("%s %s: %d bytes, open %t; want %d", ed.Name, m, size, open, want[ed.Name][i])
			}
		}
	}
}

func TestNewIsOfItsType(t *testing.T) {
	for _, m := range slices.Concat(spec.RequestTypes(), spec.ResponseTypes()) {
		if got := New(m); got == nil || got.Type() != m {
			t.Errorf("New(%s) is %T", m, got)
		}
	}
	for _, m := range []spec.MessageType{spec.TypeUnknown, 200} {
		if got := New(m); got != nil {
			t.Errorf("New(%s) is %T", m, got)
		}
	}
}
