package server

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/spec"
)

func TestConversationsAreDrawnFromTheSeed(t *testing.T) {
	seen := map[Op]bool{}
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		ed := rapid.SampledFrom(spec.Editions()).Draw(t, "edition")
		restarts := rapid.Bool().Draw(t, "restarts")
		c := draw(rand.New(rand.NewPCG(seed, 0)), ed, restarts)
		if again := draw(rand.New(rand.NewPCG(seed, 0)), ed, restarts); !slices.Equal(c, again) {
			t.Fatalf("drew\n%v, and then\n%v", c, again)
		}
		if err := c.Check(); err != nil {
			t.Fatal(err)
		}
		for _, s := range c {
			seen[s.Op] = true
			if s.Op == Restart && !restarts || s.Op == Login && !ed.Has(spec.TypeLogin) || s.Op == Begin && !ed.PacketFields {
				t.Fatalf("edition %s, restarts %t: %v", ed.Name, restarts, s)
			}
		}
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if read, err := fuzz.ParseConversation[Conversation](b); err != nil || !reflect.DeepEqual(read, c) {
			t.Fatalf("written and read: %v, %v", read, err)
		}
	})
	for _, op := range operations {
		if !seen[op] {
			t.Errorf("%s was never drawn", op)
		}
	}
}

// Shrinking comes to an end: what is simpler is never more.
func TestSimplerConversationsAreSimpler(t *testing.T) {
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	weight := func(c Conversation) (sum int) {
		for _, s := range c {
			sum += 100_000 + s.Who + s.Conn + s.File + s.Key + s.Size + s.Parts + s.Other + s.Piece + len(s.Fault)
			if s.Stale {
				sum++
			}
		}
		return sum
	}
	rapid.Check(t, func(t *rapid.T) {
		c := draw(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)), ed, true)
		for simpler := range new(Subject).Simpler(c, &fuzz.Result{Steps: len(c)}) {
			if err := simpler.Check(); err != nil {
				t.Fatal(err)
			}
			if len(simpler) == 0 || weight(simpler) >= weight(c) {
				t.Fatalf("of %v came %v", c, simpler)
			}
		}
	})
}

func TestConversationsThatCannotBePlayed(t *testing.T) {
	for text, want := range map[string]string{
		`[{"op":"dance"}]`:                     `step 1: op is "dance"`,
		`[{"op":"login"},{"op":"ok","who":3}]`: "step 2: who is 3",
		`[{"op":"login","fault":"no key"}]`:    `fault is "no key", login has`,
		`[{"op":"send","size":-1}]`:            "size is -1",
		`[{"op":"send","colour":1}]`:           "colour",
	} {
		if _, err := fuzz.ParseConversation[Conversation]([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func FuzzParseConversation(f *testing.F) {
	f.Add([]byte(`[{"op":"register"},{"op":"key","key":1},{"op":"send","size":100,"parts":2,"fault":"a packet twice"}]`))
	f.Add([]byte(`[{"op":"restart"}] x`))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := fuzz.ParseConversation[Conversation](b)
		if err == nil && c.Check() != nil {
			t.Errorf("%q cannot be played", b)
		}
	})
}
