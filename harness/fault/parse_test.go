package fault

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

func TestParsePlan(t *testing.T) {
	plan := parsed(t, `seed: 7
edition: 2024c
faults:
  - {to: server, message: file, where: {packet number: 258, file name: "a b"}, occurrence: 1-3, flip: {field: content, bits: 2}}
  - to: both
    rate: {bytes per second: 1024}
`)
	if plan.Seed != 7 || plan.Edition.Name != "2024c" || len(plan.Faults) != 2 {
		t.Fatalf("got %+v", plan)
	}
	both := []trace.Direction{trace.ToServer, trace.ToClient}
	want := []Fault{
		{
			To: both[:1], Message: spec.TypeFile, First: 1, Last: 3, Does: "flip 2 bits of content",
			Where: []Condition{{"packet number", []byte{2, 1}}, {"file name", []byte("a b")}},
		},
		{To: both, First: 1, Does: "rate 1024 bytes/s"},
	}
	for i, got := range plan.Faults {
		got.patch, got.route = nil, nil
		if !reflect.DeepEqual(got, want[i]) {
			t.Errorf("got  %+v\nwant %+v", got, want[i])
		}
	}
}

// TestParsePlanSaysWhatIsWrong gives a fault, or with a line break a whole plan.
func TestParsePlanSaysWhatIsWrong(t *testing.T) {
	const all = "flip, set, cksum, code, cut, drop, repeat, swap, delay, split, join, rate, half-close, reset"
	tests := []struct{ name, text, want string }{
		{"nothing", "\n", "1:1: a plan is one YAML document, with a list of faults"},
		{"no YAML", "faults: [\n", "1:9: sequence end token ']' not found"},
		{"two documents", "faults: []\n---\nfaults: []\n", "1:1: a plan is one YAML document"},
		{"no table", "- drop: true\n", "1:1: a plan is written as {key: value}"},
		{"no faults", "seed: 1\n", "1:1: a plan has a list of faults; it may be empty: faults: []"},
		{"no list", "faults:\n  drop: true\n", "2:3: a list belongs here"},
		{"unknown key", "seed: 1\nfault: []\n", `2:1: a plan has no "fault", only seed, edition, faults`},
		{"a key twice", "faults: []\nfaults: []\n", `2:1: mapping key "faults" already defined`},
		{"no seed", "seed: -1\nfaults: []\n", `1:7: "-1" is no whole number from 0 to 18446744073709551615`},
		{"no edition", "edition: 1999z\nfaults: []\n", `1:10: unknown edition "1999z": choose one of 2022c,`},
		{"anchor", "seed: &a 1\nfaults: []\n", "1:7: a single plain value belongs here"},
		{"no fault", "5", "1:10: a fault is written as {key: value}"},
		{"unknown key of a fault", "{what: 1, drop: true}", `1:11: a fault has no "what", only flip,`},
		{"no such direction", "{to: me, drop: true}", `1:15: "me" is none of server, client and both`},
		{"no such message", "{message: hello, drop: true}", `1:20: "hello" is no message that travels there in edition 2024a: choose one of register, public-key, login,`},
		{"wrong direction", "{to: client, message: file, drop: true}", `1:32: "file" is no message that travels there in edition 2024a: choose one of registered, registration-refused,`},
		{"not in this edition", "edition: 2022c\nfaults:\n  - {message: login, drop: true}\n", `3:15: "login" is no message that travels there in edition 2022c`},
		{"no action", "{to: client}", "1:10: a fault does one thing, this does nothing: choose one of " + all},
		{"two actions", "{drop: true, reset: true}", "1:10: a fault does one thing, this does drop and reset: choose one of " + all},
		{"no such field", "{message: file, flip: {field: cksum}}", `1:40: file has no field "cksum", only client id, version, code, payload size, content size, original size, packet number, total packets, file name, content`},
		{"no such field in a header", "{to: both, flip: {field: client id}}", `1:35: a header, where no message is named, has no field "client id", only version, code, payload size`},
		{"not in this edition's file", "edition: 2023a\nfaults:\n  - {message: file, where: {packet number: 1}, drop: true}\n", `3:29: file has no field "packet number", only`},
		{"no field", "{message: file, flip: {bits: 1}}", "1:32: say which field"},
		{"too many bits", "{flip: {field: version, bits: 9}}", `1:40: "9" is no whole number from 1 to 8`},
		{"no value", "{set: {field: version}}", "1:16: set needs a value"},
		{"too large", "{set: {field: version, value: 256}}", `1:40: "256" is no whole number from 0 to 255`},
		{"too long", "{message: login, set: {field: name, value: " + strings.Repeat("x", 256) + "}}", `1:53: field "name" has 255 bytes, 256 do not fit`},
		{"too many bytes", "{message: thanks, set: {field: client id, value: " + strings.Repeat("00", 17) + "}}", `1:59: field "client id" has 16 bytes, 17 do not fit`},
		{"no hexadecimal", "{message: thanks, set: {field: client id, value: xyz}}", `1:59: "xyz" is not bytes in hexadecimal, two digits to a byte`},
		{"condition on content", "{message: file, where: {content: 00}, drop: true}", "1:34: the content is of any length, no condition can be about it"},
		{"condition on half an id", "{message: thanks, where: {client id: 00ff}, drop: true}", `1:47: field "client id" has 16 bytes, not 2`},
		{"occurrence 0", "{occurrence: 0, drop: true}", `1:23: "0" is no occurrence: write 2 for the second,`},
		{"occurrence 1-0", "{occurrence: 1-0, drop: true}", `1:23: "1-0" is no occurrence`},
		{"occurrence 3-2", "{occurrence: 3-2, drop: true}", `1:23: "3-2" is no occurrence`},
		{"occurrence -2", "{occurrence: -2, drop: true}", `1:23: "-2" is no occurrence`},
		{"drop not", "{drop: false}", "1:17: drop takes no value but true"},
		{"no pieces", "{split: 0}", `1:18: "0" is no whole number from 1 to 83886080`},
		{"a unit that is another", "{delay: {s: 1}}", `1:19: delay has no "s", only ms`},
		{"nothing said", "{delay: {}}", "1:18: delay needs ms"},
		{"cksum of another", "{message: thanks, cksum: {xor: 1}}", `1:35: thanks has no field "cksum", only version, code, payload size, client id`},
		{"cksum twice", "{message: file-received, cksum: {xor: 1, value: 1}}", "1:42: cksum takes one of xor and value"},
		{"cksum unchanged", "{message: file-received, cksum: {xor: 0}}", `1:48: "0" is no whole number from 1 to 4294967295`},
		{"code too large", "{code: 65536}", `1:17: "65536" is no code from 0 to 65535 and none of register,`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := tt.text
			if !strings.Contains(text, "\n") {
				text = "faults: [" + text + "]"
			}
			_, err := ParsePlan("plan.yaml", []byte(text))
			if _, ok := errors.AsType[*Error](err); !ok || !strings.HasPrefix(err.Error(), "plan.yaml:"+tt.want) {
				t.Errorf("got  %v\nwant plan.yaml:%s", err, tt.want)
			}
		})
	}
}

func TestPlanFor(t *testing.T) {
	open := parsed(t, "faults: [{message: error, code: registration-refused}]")
	if open.Edition.Name != spec.DefaultEdition {
		t.Errorf("read for %s", open.Edition.Name)
	}
	plan, err := open.For(edition("2023a"))
	if err != nil || plan.Edition.Name != "2023a" {
		t.Fatalf("for 2023a: %v", err)
	}
	o := through(t, plan, trace.ToClient, unhex(t, "03 3b08 00000000"))
	if got := hexOf(o.bytes()); got != "03350800000000" {
		t.Errorf("2107 became %s, not 2101", got)
	}
	if _, err := open.For(edition("2022c")); err == nil || !strings.HasPrefix(err.Error(), `plan.yaml:1:20: "error" is no message`) {
		t.Errorf("for 2022c: %v", err)
	}
	if plan := parsed(t, `faults: [{message: crc-ok, set: {field: client id (repeated), value: "00"}}]`); plan.Edition.Name != "2022c" {
		t.Errorf("what only 2022c has was read for %s", plan.Edition.Name)
	}
	named := parsed(t, "edition: 2024c\nfaults: []")
	if _, err := named.For(edition("2024a")); err == nil || err.Error() != "plan.yaml:1:10: the plan is for edition 2024c, not 2024a" {
		t.Errorf("2024c for 2024a: %v", err)
	}
}

// TestPlans reads the plans that ship.
func TestPlans(t *testing.T) {
	paths, err := filepath.Glob("plans/*.yaml")
	if err != nil || len(paths) != 8 {
		t.Fatalf("%d plans, %v", len(paths), err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if plan, err := ParsePlan(path, text); err != nil || len(plan.Faults) == 0 {
			t.Errorf("%s: %+v, %v", path, plan, err)
		}
	}
}

// FuzzParsePlan: no text makes it panic, and what it accepts, it can carry out.
func FuzzParsePlan(f *testing.F) {
	f.Add([]byte("seed: 7\nfaults:\n  - {to: client, set: {field: version, value: 9}}\n"))
	f.Add([]byte("faults: [{message: file, where: {packet number: 1}, flip: {field: content, bits: 2}}, {split: 1}, {cut: 3}]"))
	f.Add([]byte("faults: [{message: thanks, occurrence: 1-, repeat: 2}, {join: 2}, {swap: true}, {code: error}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		plan, err := ParsePlan("plan.yaml", text)
		if err != nil {
			if _, ok := errors.AsType[*Error](err); !ok {
				t.Errorf("an error without a place: %v", err)
			}
			return
		}
		for i := range plan.Faults {
			if plan.Faults[i].Does == "" || (plan.Faults[i].patch == nil) == (plan.Faults[i].route == nil) {
				t.Errorf("fault %d does nothing, or two things: %+v", i, plan.Faults[i])
			}
		}
	})
}
