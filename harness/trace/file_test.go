package trace

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const goodHeader = `{"schema":"xferspec-trace/1","edition":"2024a"}` + "\n"

func TestReadWhatDocShows(t *testing.T) {
	text := `{"schema":"xferspec-trace/1","edition":"2024a","client":"127.0.0.1:40112","server":"127.0.0.1:1256","start":"2026-03-01T12:00:00Z","note":"by hand","dropped":5}
{"at":120,"dir":">","data":"00ff"}
{"at":410,"dir":"<","data":"03"}
{"at":410,"dir":"<","kind":"cut"}
{"at":949,"dir":"<","kind":"reset"}
{"at":950,"dir":">","kind":"end"}
`
	want := &Transcript{
		Edition: "2024a", Client: "127.0.0.1:40112", Server: "127.0.0.1:1256", Note: "by hand", Dropped: 5,
		Start: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		Events: []Event{
			{120 * time.Microsecond, ToServer, Data, []byte{0, 0xff}},
			{410 * time.Microsecond, ToClient, Data, []byte{3}},
			{410 * time.Microsecond, ToClient, Cut, nil},
			{949 * time.Microsecond, ToClient, Reset, nil},
			{950 * time.Microsecond, ToServer, End, nil},
		},
	}
	got, err := Read(strings.NewReader(text))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("read %+v, %v", got, err)
	}
	var out bytes.Buffer
	if err := got.Write(&out); err != nil || out.String() != text {
		t.Errorf("written again it is\n%s, %v", &out, err)
	}
}

func TestReadRefuses(t *testing.T) {
	good := `{"at":5,"dir":">","data":"00"}` + "\n"
	tests := []struct {
		name, text string
		line       int
		reason     string
	}{
		{"empty", "", 1, "empty"},
		{"another format", "hello\n", 1, `no "schema":"xferspec-trace/1"`},
		{"another schema", `{"schema":"xferspec-trace/9"}`, 1, `no "schema":"xferspec-trace/1"`},
		{"no edition", `{"schema":"xferspec-trace/1"}`, 1, "no edition"},
		{"unknown key in the header", `{"schema":"xferspec-trace/1","edition":"x","colour":"red"}`, 1, "colour"},
		{"negative dropped", `{"schema":"xferspec-trace/1","edition":"x","dropped":-1}`, 1, "negative"},
		{"unknown key", goodHeader + good + `{"at":5,"dir":">","data":"00","x":1}`, 3, `"x"`},
		{"blank line", goodHeader + "\n" + good, 2, "blank"},
		{"two objects", goodHeader + `{"at":5,"dir":">","data":"00"}{}`, 2, "more than one object"},
		{"cut file", goodHeader + good + `{"at":5,"dir":">","da`, 3, "unexpected EOF"},
		{"direction", goodHeader + `{"at":5,"dir":"x","data":"00"}`, 2, `dir is "x"`},
		{"negative time", goodHeader + `{"at":-5,"dir":">","data":"00"}`, 2, "out of range"},
		{"time beyond all years", goodHeader + `{"at":9223372036854775807,"dir":">","data":"00"}`, 2, "out of range"},
		{"back in time", goodHeader + good + `{"at":4,"dir":">","data":"00"}`, 3, "earlier"},
		{"no data", goodHeader + `{"at":5,"dir":">"}`, 2, "hexadecimal"},
		{"odd digits", goodHeader + `{"at":5,"dir":">","data":"000"}`, 2, "hexadecimal"},
		{"no digits", goodHeader + `{"at":5,"dir":">","data":"zz"}`, 2, "hexadecimal"},
		{"unknown kind", goodHeader + `{"at":5,"dir":">","kind":"fin"}`, 2, `kind is "fin"`},
		{"data as a kind", goodHeader + `{"at":5,"dir":">","kind":"data","data":"00"}`, 2, `kind is "data"`},
		{"an end with data", goodHeader + `{"at":5,"dir":">","kind":"end","data":"00"}`, 2, "without data"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(test.text))
			var format *FormatError
			if !errors.As(err, &format) || format.Line != test.line || !strings.Contains(format.Reason, test.reason) {
				t.Errorf("error is %v, want line %d: …%s…", err, test.line, test.reason)
			}
		})
	}
}

// endless yields the same byte for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func TestReadIsBounded(t *testing.T) {
	good := goodHeader + `{"at":5,"dir":">","data":"00"}` + "\n"
	for name, text := range map[string]io.Reader{
		"one line":   endless('x'),
		"a header":   io.MultiReader(strings.NewReader(goodHeader), endless('0')),
		"more lines": strings.NewReader(good + strings.Repeat(`{"at":5,"dir":">","data":"00"}`+"\n", 100)),
	} {
		var format *FormatError
		if _, err := read(text, 1000); !errors.As(err, &format) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
	if _, err := read(strings.NewReader(good), len(good)); err != nil {
		t.Errorf("a file as long as the limit: %v", err)
	}
}

func TestFormatRoundTrip(t *testing.T) {
	text := rapid.StringMatching(`[ -~]{0,20}`)
	rapid.Check(t, func(rt *rapid.T) {
		want := &Transcript{
			Edition: "2024a", Client: text.Draw(rt, "client"), Server: text.Draw(rt, "server"), Note: text.Draw(rt, "note"),
			Start:   time.Unix(rapid.Int64Range(0, 1e10).Draw(rt, "s"), rapid.Int64Range(0, 1e9-1).Draw(rt, "ns")).UTC(),
			Dropped: rapid.Int64Range(0, 1<<40).Draw(rt, "dropped"),
		}
		at := time.Duration(0)
		for range rapid.IntRange(0, 10).Draw(rt, "events") {
			at += time.Duration(rapid.Int64Range(0, 1e12).Draw(rt, "at")) * time.Microsecond
			e := Event{At: at, Dir: rapid.SampledFrom(directions[:]).Draw(rt, "dir")}
			e.Kind = Kind(rapid.IntRange(0, int(kindCount)-1).Draw(rt, "kind"))
			if e.Kind == Data {
				e.Data = rapid.SliceOfN(rapid.Byte(), 1, 50).Draw(rt, "data")
			}
			want.Events = append(want.Events, e)
		}
		var file bytes.Buffer
		if err := want.Write(&file); err != nil {
			rt.Fatal(err)
		}
		got, err := Read(&file)
		if err != nil || !reflect.DeepEqual(got, want) {
			rt.Fatalf("written %+v\nread %+v, %v", want, got, err)
		}
	})
}

func FuzzRead(f *testing.F) {
	var file bytes.Buffer
	if err := recorded(f, edition(f, "2024a")).Write(&file); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add([]byte(goodHeader + `{"at":950,"dir":">","kind":"end"}`))
	f.Add([]byte(goodHeader + "\n"))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, text []byte) {
		first, err := Read(bytes.NewReader(text))
		if err != nil {
			return
		}
		annotated(t, edition(t, "2024a"), first, true)
		var again bytes.Buffer
		if err := first.Write(&again); err != nil {
			t.Fatal(err)
		}
		second, err := Read(&again)
		if err != nil || !reflect.DeepEqual(first, second) {
			t.Fatalf("read %+v, written and read again %+v, %v", first, second, err)
		}
	})
}
