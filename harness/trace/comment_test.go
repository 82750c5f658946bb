package trace

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

// commented is a conversation with a comment of every sort.
func commented(t testing.TB) *Transcript {
	tr := recorded(t, edition(t, "2024a"))
	tr.Comments = []Comment{
		{ToServer, 2, 300, "the key\x1b[2J\nhas a second line"},
		{ToClient, 2, -1, "the whole answer"},
		{ToClient, 5, 0, "no answer came"},
		{Offset: -1, Text: "everything"},
	}
	return tr
}

func TestAnnotateComments(t *testing.T) {
	got := annotated(t, edition(t, "2024a"), commented(t), false)
	for _, want := range []string{
		`
   278  30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30          public key            160 bytes
   294  30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 … +128   |0000000000000000|
                          ^^ byte 300
    #  the key\x1b[2J
       has a second line

< 1602`, `
    #  the whole answer

>`, `
> the client closed its side at 0.001210s

    #  no answer came
    #  everything
`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in\n%s", want, got)
		}
	}
}

// TestAnnotatePointsAtTheFault of a frame on which there is no comment.
func TestAnnotatePointsAtTheFault(t *testing.T) {
	ed := edition(t, "2024a")
	frame := encode(t, ed, conversation(ed)[0])
	frame[19] = 9
	got := annotated(t, ed, FromBytes(ed, ToServer, frame), false)
	want := `
    19  09 00 00 00                                              payload size          9
        ^^ byte 19
`
	if !strings.Contains(got, want) {
		t.Errorf("%s is missing in\n%s", want, got)
	}
}

func TestCommentsInFiles(t *testing.T) {
	want := commented(t)
	var file bytes.Buffer
	check(t, want.Write(&file))
	got, err := Read(&file)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, %v", got.Comments, err)
	}
	for comment, reason := range map[string]string{
		`{"text":"x","dir":">","frame":-1}`:             "no frame -1",
		`{"text":"x","dir":">","frame":1,"offset":-1}`:  "no frame 1 with a byte -1",
		`{"text":"x","offset":5}`:                       "no frame 0 with a byte 5",
		`{"text":"x","frame":1}`:                        `dir is ""`,
		`{"text":"x","dir":"up","frame":1}`:             `dir is "up"`,
		`{"text":"x","dir":">","frame":1,"colour":"r"}`: "colour",
	} {
		header := strings.Replace(goodHeader, "}", `,"comments":[`+comment+"]}", 1)
		if _, err := Read(strings.NewReader(header)); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: error is %v, want …%s…", comment, err, reason)
		}
	}
}
