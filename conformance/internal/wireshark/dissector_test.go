package wireshark

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
	"github.com/xferspec/xferspec/vectors"
)

// TestVectors has tshark show every vector of an edition.
func TestVectors(t *testing.T) {
	set, err := vectors.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, ed := range spec.Editions() {
		t.Run(ed.Name, func(t *testing.T) {
			t.Parallel()
			c := &connections{ed: ed, want: map[string]*expected{}}
			for i := range set.Conversations {
				if v := &set.Conversations[i]; v.Edition == ed.Name {
					c.conversation(v)
				}
			}
			for i := range set.Messages {
				if v := &set.Messages[i]; v.Edition == ed.Name {
					m := message{frame: v.Hex}
					if v.Fields.Version != ed.Version {
						m.mark = map[string]string{vectors.FromClient: "VER-2", vectors.FromServer: "VER-1"}[v.From]
					}
					c.single(v.ID, v.From, m)
				}
			}
			for i := range set.Negatives {
				if v := &set.Negatives[i]; v.Edition == ed.Name {
					c.negative(v)
				}
			}
			if len(c.all) < 100 {
				t.Fatalf("only %d connections", len(c.all))
			}
			c.check(t)
		})
	}
}

// TestStreams has tshark show what goes wrong, and on, in a stream.
func TestStreams(t *testing.T) {
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	good := encode(t, ed, &wire.Login{Name: "Alice"})
	wrongSize := append(encode(t, ed, &wire.Register{Name: "Alice"}), make([]byte, 3000)...)
	binary.LittleEndian.PutUint32(wrongSize[19:], 3255)
	unknown := slices.Clone(wrongSize)
	binary.LittleEndian.PutUint16(unknown[17:], 999)
	http := []byte("GET /a/long/enough/path HTTP/1.1\r\n\r\n")

	c := &connections{ed: ed, want: map[string]*expected{}}
	in := func(name, port string, messages []message, pieces ...[]byte) {
		var s []sent
		for _, piece := range pieces {
			s = append(s, sent{trace.ToServer, piece})
		}
		c.add(name, port, s, [2][]message{messages})
	}
	in("another port", otherPort, []message{{frame: good}}, good)
	in("wrong size in one segment", serverPort, []message{{mark: "FRM-12"}, {frame: good}},
		slices.Concat(encode(t, ed, &wire.Register{Name: "Alice"})[:19], []byte{1, 0, 0, 0, 9}, good))
	in("wrong size in segments", serverPort, []message{{mark: "FRM-12"}, {stray: true}, {stray: true}, {stray: true}, {stray: true}, {frame: good}, {frame: good}},
		wrongSize[:23], wrongSize[23:100], wrongSize[100:], good[:20], good[20:], good)
	in("wrong size and the next message begins in its last segment", serverPort, []message{{mark: "FRM-12"}, {stray: true}, {stray: true}, {frame: good}},
		wrongSize[:1000], slices.Concat(wrongSize[1000:], good[:50]), good[50:])
	in("wrong size that never comes", serverPort, []message{{mark: "FRM-12"}}, wrongSize[:30])
	in("unknown code in segments", serverPort, []message{{mark: "ERR-1"}, {stray: true}, {stray: true}, {stray: true}, {frame: good}}, unknown[:50], unknown[50:], good)
	in("out of step", serverPort, []message{{frame: good}, {stray: true, mark: "FRM-4"}, {stray: true}, {stray: true}}, slices.Concat(good, http), good, good)
	in("another protocol", serverPort, []message{{stray: true, mark: "FRM-4"}, {stray: true}}, http, http)
	c.check(t)
}

func encode(t *testing.T, ed *spec.Edition, m wire.Message) []byte {
	t.Helper()
	frame, err := wire.AppendRequest(nil, ed, wire.ID{7}, m)
	if err != nil {
		t.Fatal(err)
	}
	return frame
}

// check has the capture dissected and compares.
func (c *connections) check(t *testing.T) {
	t.Helper()
	got := dissect(t, c.ed.Name, c.all)
	for client, want := range c.want {
		for dir, messages := range want.messages {
			have := got[client][dir]
			if want.beginning {
				have = have[:min(len(have), len(messages))]
			}
			if faults := compare(c.ed, trace.Direction(dir), messages, have); len(faults) > 0 {
				t.Errorf("%s %s: %s", want.name, trace.Direction(dir), strings.Join(faults, "; "))
			}
		}
	}
}

// compare says what is wrong in what is shown of a direction.
func compare(ed *spec.Edition, dir trace.Direction, want []message, got []shown) (faults []string) {
	if len(got) != len(want) {
		return []string{fmt.Sprintf("%d messages shown, want %d", len(got), len(want))}
	}
	for i, m := range want {
		for _, fault := range m.compare(ed, dir, got[i]) {
			faults = append(faults, fmt.Sprintf("message %d (%s): %s", i+1, got[i].Title, fault))
		}
	}
	return faults
}

func (m message) compare(ed *spec.Edition, dir trace.Direction, got shown) (faults []string) {
	if stray := got.Name == ""; stray != m.stray {
		faults = append(faults, fmt.Sprintf("belongs to no message: %t, want %t", stray, m.stray))
	}
	if m.mark != "" {
		if !slices.ContainsFunc(got.Marks, func(mark string) bool { return strings.Contains(mark, m.mark) }) {
			faults = append(faults, fmt.Sprintf("marked %q, want %s", got.Marks, m.mark))
		}
		return faults
	}
	for _, mark := range got.Marks {
		if !strings.Contains(mark, "(FRM-10)") { // which a receiver accepts
			faults = append(faults, fmt.Sprintf("is marked %q", mark))
		}
	}
	if m.stray {
		return faults
	}
	header, typ := wire.RequestHeaderSize, ed.Request
	if dir == trace.ToClient {
		header, typ = wire.ResponseHeaderSize, ed.Response
	}
	code := binary.LittleEndian.Uint16(m.frame[header-6:])
	if name := typ(code).String(); got.Name != name {
		faults = append(faults, fmt.Sprintf("is called %s, want %s", got.Name, name))
	}
	size := fmt.Sprintf(", %d bytes", len(m.frame))
	if !strings.HasPrefix(got.Title, fmt.Sprintf("xferspec %d %s", code, got.Name)) || !strings.HasSuffix(got.Title, size) {
		faults = append(faults, "the title is wrong")
	}
	fields := map[string]string{}
	for _, f := range wire.Layout(ed, typ(code), len(m.frame)-header) {
		if f.Size > 0 {
			name := strings.NewReplacer(" ", "_", "(", "", ")", "").Replace(f.Name)
			fields[name] = field(f, m.frame[f.Offset:f.Offset+f.Size])
		}
	}
	for name, value := range fields {
		if got.Fields[name] != value {
			faults = append(faults, fmt.Sprintf("%s is %.40s, want %.40s", name, got.Fields[name], value))
		}
	}
	if len(got.Fields) != len(fields) {
		faults = append(faults, fmt.Sprintf("%d fields, want %d", len(got.Fields), len(fields)))
	}
	return faults
}

// field is how a field is shown: its bytes, and what they mean if that is
// something else.
func field(f wire.Field, b []byte) string {
	digits := hex.EncodeToString(b)
	switch f.Kind {
	case wire.KindUint:
		var whole [8]byte
		copy(whole[:], b)
		return fmt.Sprintf("%s %d", digits, binary.LittleEndian.Uint64(whole[:]))
	case wire.KindText:
		text, _, _ := bytes.Cut(b, []byte{0})
		return fmt.Sprintf("%s %s", digits, text)
	default:
		return digits
	}
}
