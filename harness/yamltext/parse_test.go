package yamltext

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// bomb is a text in which ten aliases stand for ten aliases, and so on.
func bomb(levels int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < levels; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	return b.String()
}

// TestBombs: texts that are short and mean a lot, or nest so deeply that a parser
// runs out of stack, are errors with a place.
func TestBombs(t *testing.T) {
	var steps strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&steps, "%sa:\n", strings.Repeat(" ", i))
	}
	for name, text := range map[string]string{
		"aliases": bomb(12), "merges": "a: &a {x: 1}\n" + bomb(9),
		"lists": strings.Repeat("[", 500_000), "mappings": strings.Repeat("{a: ", 200_000), "entries": strings.Repeat("- ", 500_000),
		"keys": strings.Repeat("? ", 500_000), "steps": steps.String(), "long": strings.Repeat("#", MaxSize+1),
		"entries in a list": "[" + strings.Repeat("- ", 400_000), "keys in a mapping": "{" + strings.Repeat("? ", 400_000), "values": "{" + strings.Repeat(": ", 400_000),
		"many": "[" + strings.Repeat("x,", 200_000) + "]",
	} {
		_, err := Parse([]byte(text))
		fault, ok := errors.AsType[*Error](err)
		if !ok || fault.Line < 1 || fault.Column < 1 || len(fault.Reason) > 200 {
			t.Errorf("%s: error is %.300v", name, err)
		}
	}
}

func TestParse(t *testing.T) {
	text := "run: &run [python3, main.py]\nserver: {run: *run}\nclient:\n  run: *run\nlist:\n- a\n- {b: [c, {d: e}]}\n" +
		"self: &self {s: *self}\n" + "wide: {" + wide() + "}\n"
	if _, err := Parse([]byte(text)); err != nil {
		t.Error(err)
	}
	var many strings.Builder
	for i := range 2000 { // each at the same columns
		fmt.Fprintf(&many, "k%d:\n  a: [1, 2]\n  bbbb:\n    - c: {d: 1}\n      eeee: 2\n", i)
	}
	if _, err := Parse([]byte(many.String())); err != nil {
		t.Error(err)
	}
	if _, err := Parse([]byte("a: [")); err == nil {
		t.Error("no error")
	}
}

// wide returns the entries of a mapping on one line.
func wide() string {
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, "k%d: 1, ", i)
	}
	return b.String()
}

func FuzzParse(f *testing.F) {
	f.Add("a: &x [1, {b: *x}]\n- - ? c\n")
	f.Add(bomb(3))
	f.Fuzz(func(t *testing.T, text string) {
		_, err := Parse([]byte(text))
		if fault, ok := errors.AsType[*Error](err); err != nil && (!ok || fault.Line < 1 || fault.Column < 1) {
			t.Errorf("%q", err)
		}
	})
}
