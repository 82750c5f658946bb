package trace

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"io"
	"time"
)

// schema is the first thing in every file.
const schema = "xferspec-trace/1"

// header is the first line of a file.
type header struct {
	Schema   string    `json:"schema"`
	Edition  string    `json:"edition"`
	Client   string    `json:"client,omitempty"`
	Server   string    `json:"server,omitempty"`
	Start    time.Time `json:"start,omitzero"`
	Note     string    `json:"note,omitempty"`
	Dropped  int64     `json:"dropped,omitempty"`
	Comments []remark  `json:"comments,omitempty"`
	Secrets  *Secrets  `json:"secrets,omitempty"`
}

// remark is a Comment in the header.
type remark struct {
	Dir    string `json:"dir,omitempty"`
	Frame  int    `json:"frame,omitempty"`
	Offset *int   `json:"offset,omitempty"` // none for the frame as a whole
	Text   string `json:"text"`
}

// line is every other line of a file.
type line struct {
	At   int64  `json:"at"` // microseconds
	Dir  string `json:"dir"`
	Kind string `json:"kind,omitempty"` // none where there is data
	Data string `json:"data,omitempty"`
}

// Write writes the transcript in the file format of this package, times cut to
// microseconds. Secrets are written where there are any.
func (t *Transcript) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false) // for ">" and "<"
	if err := enc.Encode(header{schema, t.Edition, t.Client, t.Server, t.Start, t.Note, t.Dropped, t.remarks(), t.Secrets}); err != nil {
		return err
	}
	for _, e := range t.Events {
		if err := enc.Encode(lineOf(e)); err != nil {
			return err
		}
	}
	return out.Flush()
}

func (t *Transcript) remarks() []remark {
	var all []remark
	for _, c := range t.Comments {
		r := remark{Frame: max(0, c.Frame), Text: c.Text}
		if r.Frame > 0 {
			r.Dir = c.Dir.String()
			if c.Offset >= 0 {
				r.Offset = &c.Offset
			}
		}
		all = append(all, r)
	}
	return all
}

func lineOf(e Event) line {
	l := line{At: e.At.Microseconds(), Dir: e.Dir.String(), Data: hex.EncodeToString(e.Data)}
	if e.Kind != Data {
		l.Kind = e.Kind.String()
	}
	return l
}
