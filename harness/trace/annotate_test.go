package trace

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var update = flag.Bool("update", false, "write testdata/*.golden anew")

func annotated(t testing.TB, ed *spec.Edition, tr *Transcript, full bool) string {
	t.Helper()
	var out bytes.Buffer
	if err := Annotate(&out, ed, tr, AnnotateOptions{Full: full}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestAnnotateGolden(t *testing.T) {
	for _, name := range []string{"2024a", "2022c"} {
		t.Run(name, func(t *testing.T) {
			ed := edition(t, name)
			got := annotated(t, ed, recorded(t, ed), false)
			path := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs; go test -update writes it anew. Got:\n%s", path, got)
			}
		})
	}
}

// TestAnnotateFaults shows what is printed for messages that are not what they should be.
func TestAnnotateFaults(t *testing.T) {
	ed := edition(t, "2024a")
	register := encode(t, ed, sample{ToServer, &wire.Register{Name: "Alice"}})
	changed := func(offset int, b ...byte) []byte {
		frame := bytes.Clone(register)
		copy(frame[offset:], b)
		return frame
	}
	tests := []struct {
		name string
		dir  Direction
		data []byte
		want []string
	}{
		{"unknown code", ToServer, changed(17, 0x0f, 0x27), []string{
			"> 9999 unknown code, 278 bytes", "|Alice...", "code at offset 17"}},
		{"cut in the header", ToServer, register[:20], []string{
			"> part of a header, 20 of 23 bytes", "(1 of 4 bytes)"}},
		{"cut in the payload", ToServer, register[:100], []string{
			"> 1025 register, 100 of 278 bytes", "(77 of 255 bytes)"}},
		{"payload too short", ToServer, changed(19, 10)[:33], []string{
			"> 1025 register, 33 bytes", "(10 of 255 bytes)", "10 declared, register has 255"}},
		{"payload too long", ToServer, append(changed(19, 2, 1), "tail"[:3]...), []string{
			"> 1025 register, 281 bytes", "   278  74 61 69", "|tai|", "258 declared"}},
		{"out of step", ToServer, append(bytes.Clone(register), strings.Repeat("GET / HTTP/1.1\r\n", 20)...), []string{
			"> out of step: the rest of this direction, 320 bytes, from byte 278", "|GET / HTTP/1.1..|", "… +64"}},
		{"terminal escapes", ToServer, changed(23, []byte("\x1b[31m\x9b\n\xe2\x80\xae")...), []string{
			`"\x1b[31m\x9b\n\u202e"`, "(FRM-11)"}},
		{"stale padding", ToServer, changed(277, 1), []string{"padding is not zero (FRM-10)"}},
		{"no NUL", ToServer, append(register[:23:23], bytes.Repeat([]byte("x"), 255)...), []string{"no NUL (FRM-8)"}},
		{"another version", ToServer, changed(16, 2), []string{"2, not 3 (VER-2)"}},
		{"a response to nothing", ToClient, []byte{3, 0x40, 6, 0xff, 0xff, 0xff, 0xff, 9}, []string{
			"< 1600 registered, 8 of 4294967302 bytes"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tr := FromBytes(ed, test.dir, test.data)
			got := annotated(t, ed, tr, false)
			for _, f := range tr.Frames(ed) {
				var broken *wire.Error
				if errors.As(f.Err, &broken) {
					clause, _ := spec.LookupClause(broken.Clause)
					test.want = append(test.want, broken.Reason, clause.ID+" "+clause.Level.String()+": "+clause.Text)
				}
			}
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing", want)
				}
			}
			if strings.ContainsFunc(strings.ReplaceAll(got, "…", ""), unprintable) {
				t.Error("control characters get through")
			}
			if t.Failed() {
				t.Log("\n" + got)
			}
		})
	}
}

func TestAnnotateFullShowsEveryByte(t *testing.T) {
	ed := edition(t, "2024a")
	for _, data := range [][]byte{
		encode(t, ed, sample{ToServer, &wire.PublicKey{Name: "Alice", Key: bytes.Repeat([]byte{0xa7}, 160)}}),
		bytes.Repeat([]byte{0xa7}, 1000), // out of step
	} {
		got := annotated(t, ed, FromBytes(ed, ToServer, data), true)
		if have, want := strings.Count(got, "a7"), bytes.Count(data, []byte{0xa7}); have != want {
			t.Errorf("%d of %d bytes shown in\n%s", have, want, got)
		}
		if strings.Contains(got, "…") {
			t.Errorf("abbreviated:\n%s", got)
		}
	}
}

func TestAnnotateTitleAndEndings(t *testing.T) {
	ed := edition(t, "2024a")
	tr := &Transcript{
		Edition: ed.Name, Client: "evil\x1b[2J", Note: "note\x07", Dropped: 12,
		Events: []Event{
			{At: 5, Dir: ToServer, Data: []byte{1}},
			{At: 6000, Dir: ToServer, Kind: Cut},
			{At: 7000, Dir: ToClient, Kind: End},
			{At: 8000, Dir: ToServer, Kind: Reset},
		},
	}
	want := `edition 2024a, client evil\x1b[2J, server 
note\a
12 bytes went by that were not recorded

> part of a header, 1 of 23 bytes, from byte 0 at 0.000000s
     0  01                                                       client id             (1 of 16 bytes)
    !  the rest was not recorded: the recorder's limit was reached

> the recording of this direction ends here at 0.000006s

< the server closed its side at 0.000007s

> the client broke the connection off at 0.000008s
`
	if got := annotated(t, ed, tr, false); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
