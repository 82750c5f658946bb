package trace

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"
)

// FormatError is a fault in a transcript file.
type FormatError struct {
	Line   int // from 1
	Reason string
}

// Error returns "line N: reason".
func (e *FormatError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// Read reads a file that Transcript.Write wrote, or someone by hand. It is
// strict: what breaks the file format is a *FormatError. It reads at most
// 256 MiB, which is more than any recorder keeps.
func Read(r io.Reader) (*Transcript, error) { return read(r, maxFile) }

func read(r io.Reader, limit int) (*Transcript, error) {
	in := &io.LimitedReader{R: r, N: int64(limit) + 1}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, limit+1)
	var t Transcript
	number := 0
	for lines.Scan() {
		number++
		if err := t.readLine(number, lines.Bytes()); err != nil {
			return nil, &FormatError{number, err.Error()}
		}
	}
	switch err := lines.Err(); {
	case in.N == 0:
		return nil, &FormatError{number, fmt.Sprintf("the file is longer than %d bytes", limit)}
	case err != nil:
		return nil, fmt.Errorf("after line %d: %w", number, err)
	case number == 0:
		return nil, &FormatError{1, "the file is empty, a transcript begins with a header"}
	}
	return &t, nil
}

func (t *Transcript) readLine(number int, text []byte) error {
	if number == 1 {
		return t.readHeader(text)
	}
	var l line
	if err := strictJSON(text, &l); err != nil {
		return err
	}
	event, err := l.event()
	if err != nil {
		return err
	}
	if last := len(t.Events) - 1; last >= 0 && event.At < t.Events[last].At {
		return fmt.Errorf("the event is earlier (%d) than the one before it (%d)", l.At, t.Events[last].At.Microseconds())
	}
	t.Events = append(t.Events, event)
	return nil
}

func (t *Transcript) readHeader(text []byte) error {
	var h header
	// The schema first: a file of another kind should not be told about its fields.
	var kind struct{ Schema string }
	if err := json.Unmarshal(text, &kind); err != nil || kind.Schema != schema {
		return fmt.Errorf("not a transcript: the header has no \"schema\":%q", schema)
	}
	if err := strictJSON(text, &h); err != nil {
		return err
	}
	if h.Edition == "" {
		return errors.New("the header names no edition")
	}
	if h.Dropped < 0 {
		return errors.New("dropped is negative")
	}
	if err := h.Secrets.check(); err != nil {
		return err
	}
	*t = Transcript{
		Edition: h.Edition, Client: h.Client, Server: h.Server, Start: h.Start.UTC(),
		Note: h.Note, Dropped: h.Dropped, Secrets: h.Secrets,
	}
	for _, r := range h.Comments {
		c, err := r.comment()
		if err != nil {
			return fmt.Errorf("comment: %w", err)
		}
		t.Comments = append(t.Comments, c)
	}
	return nil
}

func (r remark) comment() (Comment, error) {
	c := Comment{Frame: r.Frame, Offset: -1, Text: r.Text}
	if r.Offset != nil {
		c.Offset = *r.Offset
	}
	if c.Frame < 0 || r.Offset != nil && (c.Offset < 0 || c.Frame == 0) {
		return Comment{}, fmt.Errorf("there is no frame %d with a byte %d", c.Frame, c.Offset)
	}
	if r.Dir == "" && c.Frame == 0 {
		return c, nil // it is about both
	}
	var err error
	c.Dir, err = parseDirection(r.Dir)
	return c, err
}

func (l line) event() (Event, error) {
	if l.At < 0 || l.At > math.MaxInt64/int64(time.Microsecond) {
		return Event{}, fmt.Errorf("at is out of range: %d", l.At)
	}
	dir, err := parseDirection(l.Dir)
	if err != nil {
		return Event{}, err
	}
	e := Event{At: time.Duration(l.At) * time.Microsecond, Dir: dir}
	if l.Kind == "" {
		if e.Data, err = hex.DecodeString(l.Data); err != nil || len(e.Data) == 0 {
			return Event{}, errors.New("data must be bytes in hexadecimal, at least one, where there is no kind")
		}
		return e, nil
	}
	kind := slices.Index(kindNames[:], l.Kind)
	if kind <= int(Data) || l.Data != "" {
		return Event{}, fmt.Errorf("kind is %.20q, it must be %q, without data", l.Kind, kindNames[End:])
	}
	e.Kind = Kind(kind)
	return e, nil
}

// strictJSON decodes one object and nothing else.
func strictJSON(text []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("the line is blank")
		}
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one object on the line")
	}
	return nil
}
