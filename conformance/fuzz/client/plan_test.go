package client

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/spec"
)

func TestPlansAreDrawnFromTheSeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		ed := rapid.SampledFrom(spec.Editions()).Draw(t, "edition")
		p := draw(rand.New(rand.NewPCG(seed, 0)), ed)
		if again := draw(rand.New(rand.NewPCG(seed, 0)), ed); !reflect.DeepEqual(p, again) {
			t.Fatalf("drew %v, and then %v", p, again)
		}
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if read, err := fuzz.ParseConversation[Plan](b); err != nil || !reflect.DeepEqual(read, p) {
			t.Fatalf("written and read: %v, %v", read, err)
		}
		size := func(p Plan) (sum int) {
			sum = p.Size + len(p.Who) + 1000*len(p.Rules)
			for _, r := range p.Rules {
				sum += r.From + r.Times
			}
			return sum
		}
		for simpler := range new(Subject).Simpler(p, nil) {
			if err := simpler.Check(); err != nil || size(simpler) >= size(p) {
				t.Fatalf("of %v came %v, %v", p, simpler, err)
			}
		}
	})
}

func TestPlansThatCannotBeDone(t *testing.T) {
	for text, want := range map[string]string{
		`{"who":"nobody"}`:                                 `who is "nobody"`,
		`{"size":-1}`:                                      "size is -1",
		`{"rules":[{"on":"file","do":"dance"}]}`:           `rule 1: do is "dance"`,
		`{"rules":[{"on":"thanks","do":"close"}]}`:         `on is "thanks"`,
		`{"rules":[{"on":"file","do":"close","from":99}]}`: "from is 99",
	} {
		if _, err := fuzz.ParseConversation[Plan]([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func FuzzParsePlan(f *testing.F) {
	f.Add([]byte(`{"who":"returning","size":100,"rules":[{"on":"file","from":1,"times":3,"do":"another checksum"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := fuzz.ParseConversation[Plan](b)
		if err == nil && p.Check() != nil {
			t.Errorf("%q cannot be done", b)
		}
	})
}
