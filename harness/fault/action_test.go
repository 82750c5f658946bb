package fault

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/xferspec/xferspec/harness/trace"
)

// Responses of edition 2024a, by their bytes.
const (
	refused = "03 4106 00000000"
	thanks  = "03 4406 10000000 c11e470304050607 08090a0b0c0d0e0f"
	failure = "03 4706 00000000"
	end     = "end" // in order
	broken  = "broken"
)

// TestActions sends thanks, refused and failure to a client. Each word of a
// result is a write, a join of writes by +, or the end.
func TestActions(t *testing.T) {
	tests := []struct {
		name, fault string
		want        []string
	}{
		{"nothing", "{message: login-refused, drop: true}", []string{thanks, refused, failure, end}},
		{"flip", "{message: thanks, flip: {field: client id, bits: 2}}", []string{
			"03 4406 10000000 c11e470204050607 080d0a0b0c0d0e0f", refused, failure, end,
		}},
		{"flip a bit", "{message: error, flip: {field: payload size}}", []string{thanks, refused, "03 4706 00000200", end}},
		{"flip all", "{message: error, flip: {field: version, bits: 8}}", []string{thanks, refused, "fc 4706 00000000", end}},
		{"set", "{message: thanks, set: {field: payload size, value: 0x10203}}", []string{
			"03 4406 03020100 c11e470304050607 08090a0b0c0d0e0f", refused, failure, end,
		}},
		{"set bytes", "{message: thanks, set: {field: client id, value: 00112233}}", []string{
			"03 4406 10000000 0011223304050607 08090a0b0c0d0e0f", refused, failure, end,
		}},
		{"code by number", "{message: thanks, code: 9999}", []string{
			"03 0f27 10000000 c11e470304050607 08090a0b0c0d0e0f", refused, failure, end,
		}},
		{"code by name", "{message: error, code: {value: login-refused}}", []string{thanks, refused, "03 4606 00000000", end}},
		{"drop", "{message: registration-refused, drop: true}", []string{thanks, failure, end}},
		{"repeat", "{message: error, repeat: {times: 2}}", []string{thanks, refused, failure, failure, failure, end}},
		{"swap", "{message: thanks, swap: true}", []string{refused, thanks, failure, end}},
		{"swap the last", "{message: error, swap: true}", []string{thanks, refused, failure, end}},
		{"swap all", "{swap: true}", []string{refused, thanks, failure, end}},
		{"split", "{message: error, split: 3}", []string{thanks, refused, "03 4706", "000000", "00", end}},
		{"join", "{join: 2}", []string{thanks + refused, failure, end}},
		{"join more than there are", "{join: {frames: 9}}", []string{thanks + refused + failure, end}},
		{"join some", "{message: thanks, join: 2}", []string{thanks, refused, failure, end}},
		{"cut", "{message: registration-refused, cut: {bytes: 4}}", []string{thanks, "03 4106 00", end}},
		{"cut nothing off", "{message: registration-refused, cut: 400}", []string{thanks, refused, end}},
		{"half-close", "{message: registration-refused, half-close: true}", []string{thanks, end}},
		{"reset", "{message: registration-refused, reset: true}", []string{thanks, broken}},
		{"occurrence", "{occurrence: 2, drop: true}", []string{thanks, failure, end}},
		{"occurrences", "{occurrence: 1-2, drop: true}", []string{failure, end}},
		{"occurrences from", "{occurrence: 2-, drop: true}", []string{thanks, end}},
		{"where", "{where: {payload size: 0}, occurrence: 2, drop: true}", []string{thanks, refused, end}},
		{"where bytes", "{message: thanks, where: {client id: c11e47030405060708090a0b0c0d0e0f}, drop: true}", []string{refused, failure, end}},
		{"where not", "{message: thanks, where: {client id: 00000000000000000000000000000000}, drop: true}", []string{thanks, refused, failure, end}},
		{"the other direction", "{to: server, drop: true}", []string{thanks, refused, failure, end}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			plan := parsed(t, "seed: 7\nfaults:\n  - "+tt.fault+"\n")
			o := through(t, plan, trace.ToClient, unhex(t, thanks), unhex(t, refused), unhex(t, failure))
			if got, want := words(o), normal(tt.want); !reflect.DeepEqual(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// TestFileActions: what only a file message shows.
func TestFileActions(t *testing.T) {
	first, second, third := encode(t, packet(1)), encode(t, packet(2)), encode(t, packet(3))
	at := func(b []byte, offset int, change ...byte) []byte {
		return append(append(bytes.Clone(b[:offset]), change...), b[offset+len(change):]...)
	}
	name := append([]byte("b"), make([]byte, 254)...)
	tests := []struct {
		name, fault string
		want        [][]byte
	}{
		{"where", "{where: {packet number: 2}, drop: true}", [][]byte{first, third}},
		{"where text", "{where: {file name: a.txt, packet number: 3}, drop: true}", [][]byte{first, second}},
		{"where another text", "{where: {file name: a.tx}, drop: true}", [][]byte{first, second, third}},
		{"set text", "{occurrence: 3, set: {field: file name, value: b}}", [][]byte{first, second, at(third, 35, name...)}},
		{"set content", "{occurrence: 1, set: {field: content, value: ffee}}", [][]byte{at(first, 290, 0xff, 0xee), second, third}},
		{"too short for that", "{set: {field: content, value: ffeeffeeffeeffeeffeeffeeffeeffeeff}}", [][]byte{first, second, third}},
		{"flip", "{occurrence: 1, flip: {field: content, bits: 128}}", [][]byte{at(first, 290, bytes.Repeat([]byte{0xfe}, 16)...), second, third}},
		{"swap", "{where: {packet number: 1}, swap: true}", [][]byte{second, first, third}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			plan := parsed(t, "faults: ["+strings.Replace(tt.fault, "{", "{message: file, ", 1)+"]")
			o := through(t, plan, trace.ToServer, first, second, third)
			if !bytes.Equal(o.bytes(), bytes.Join(tt.want, nil)) {
				t.Errorf("got\n%x\nwant\n%x", o.bytes(), bytes.Join(tt.want, nil))
			}
		})
	}
}

func TestCksum(t *testing.T) {
	answer := unhex(t, "03 4306 17010000"+strings.Repeat("00", 275)+"78563412")
	for fault, want := range map[string]string{
		"{xor: 0xFFFFFFFF}": "87a9cbed",
		"{xor: 1}":          "79563412",
		"{value: 1}":        "01000000",
	} {
		o := through(t, parsed(t, "faults: [{message: file-received, cksum: "+fault+"}]"), trace.ToClient, answer)
		if got := o.bytes(); !bytes.Equal(got, append(bytes.Clone(answer[:282]), unhex(t, want)...)) {
			t.Errorf("%s: %x", fault, got[282:])
		}
		c := o.changes()
		if len(c) != 1 || c[0].Field != "cksum" || c[0].Offset != 282 || !bytes.Equal(c[0].Before, answer[282:]) || !bytes.Equal(c[0].After, unhex(t, want)) {
			t.Errorf("%s: changes %+v", fault, c)
		}
	}
}

// TestOrder: faults about the same frame apply in the order of the plan.
func TestOrder(t *testing.T) {
	tests := []struct {
		name, faults string
		want         []string
		changes      int
	}{
		{"set twice", "[{set: {field: version, value: 1}}, {set: {field: version, value: 2}}]", []string{"02 4706 00000000", end}, 2},
		{"flip back", "[{flip: {field: version, bits: 8}}, {flip: {field: version, bits: 8}}]", []string{failure, end}, 2},
		{"change and split", "[{set: {field: version, value: 1}}, {split: 4}]", []string{"01 4706 00", "000000", end}, 2},
		{"repeat and change", "[{repeat: 1}, {set: {field: version, value: 1}}]", []string{"01 4706 00000000", "01 4706 00000000", end}, 2},
		{"nothing after a drop", "[{drop: true}, {set: {field: version, value: 1}}]", []string{end}, 1},
		{"nothing after a reset", "[{reset: true}, {half-close: true}]", []string{broken}, 1},
		{"cut what is repeated", "[{repeat: 3}, {cut: 1}]", []string{"03", end}, 2},
		{"repeat and join", "[{repeat: 1}, {join: 2}]", []string{failure + failure, end}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := through(t, parsed(t, "faults: "+tt.faults), trace.ToClient, unhex(t, failure))
			if got, want := words(o), normal(tt.want); !reflect.DeepEqual(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			if len(o.changes()) != tt.changes {
				t.Errorf("changes %+v", o.changes())
			}
		})
	}
}

// TestPace measures on a clock that only stands still while something runs.
func TestPace(t *testing.T) {
	tests := []struct {
		name, faults string
		took         time.Duration // to within 20 ms
	}{
		{"delay", "[{message: error, delay: 1500}]", 1500 * time.Millisecond},
		{"two delays", "[{message: error, delay: {ms: 100}}, {message: error, delay: 200}]", 300 * time.Millisecond},
		{"rate", "[{rate: 10}]", 3600 * time.Millisecond}, // 37 bytes, the last at once
		{"rate and split", "[{split: 5}, {rate: 10}]", 3600 * time.Millisecond},
		{"high rate", "[{rate: 1000000}]", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			plan := parsed(t, "faults: "+tt.faults)
			input := unhex(t, thanks+refused+failure)
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				o := through(t, plan, trace.ToClient, input)
				if took := time.Since(began); (took - tt.took).Abs() > 20*time.Millisecond {
					t.Errorf("it took %s, not %s", took, tt.took)
				}
				if !bytes.Equal(o.bytes(), input) {
					t.Errorf("sent %x", o.bytes())
				}
			})
		})
	}
}

// words are the writes in hexadecimal, and how the direction ended.
func words(o *outcome) []string {
	var all []string
	for _, b := range o.writes {
		all = append(all, hexOf(b))
	}
	switch {
	case errors.Is(o.err, errReset):
		return append(all, broken)
	case o.err != nil:
		return append(all, o.err.Error())
	case o.ended:
		return append(all, end)
	}
	return all
}
