package vectors_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/xferspec/xferspec/vectors"
)

// load returns the vectors of this module; a test that changes them puts back
// what was there.
func load(t testing.TB) *vectors.Set {
	t.Helper()
	set, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

var loadOnce = sync.OnceValues(vectors.Load)

func verify(t testing.TB, set *vectors.Set) []vectors.Mismatch {
	t.Helper()
	found, err := vectors.Verify(context.Background(), set)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestVerifyIsClean(t *testing.T) {
	for _, m := range verify(t, load(t)) {
		t.Error(m)
	}
}

func TestVerifyStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := vectors.Verify(ctx, load(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

// find returns the vector of that id.
func find[T any](t *testing.T, list []T, head func(T) vectors.Head, id string) T {
	t.Helper()
	for _, v := range list {
		if head(v).ID == id {
			return v
		}
	}
	t.Fatalf("there is no vector %s", id)
	panic("unreachable")
}

// flips calls check with one byte after another changed, each by another bit.
func flips(p []byte, check func(at int)) {
	for at := range p {
		bit := byte(1) << (at % 8)
		p[at] ^= bit
		check(at)
		p[at] ^= bit
	}
}

// caught checks that a set of one damaged vector is not taken for right.
func caught(t *testing.T, set vectors.Set, id, damage string) {
	t.Helper()
	found := verify(t, &set)
	if len(found) == 0 {
		t.Errorf("%s, %s: nobody notices", id, damage)
	}
	for _, m := range found {
		if m.ID != id || m.What == "" {
			t.Errorf("%s, %s: reported as %q", id, damage, m)
		}
	}
}

func TestVerifyCatchesFlippedBytes(t *testing.T) {
	set := load(t)
	for _, id := range []string{"msg-2024a-file", "msg-2022c-crc-ok", "msg-2023a-file-received", "msg-2024c-error"} {
		m := find(t, set.Messages, func(m vectors.Message) vectors.Head { return m.Head }, id)
		flips(m.Hex, func(at int) {
			caught(t, vectors.Set{Messages: []vectors.Message{m}}, id, fmt.Sprintf("byte %d", at))
		})
	}
	for _, id := range []string{"cbc-aes128-length-33", "cbc-aes256-length-0"} {
		c := find(t, set.CBCs, func(c vectors.CBC) vectors.Head { return c.Head }, id)
		for _, p := range [][]byte{c.Key, c.Ciphertext, c.Plaintext} {
			flips(p, func(at int) {
				caught(t, vectors.Set{CBCs: []vectors.CBC{c}}, id, fmt.Sprintf("byte %d", at))
			})
		}
	}
	u := find(t, set.Unwraps, func(u vectors.Unwrap) vectors.Head { return u.Head }, "unwrap-32-random-1")
	flips(u.Wrapped, func(at int) {
		caught(t, vectors.Set{Unwraps: []vectors.Unwrap{u}}, u.ID, fmt.Sprintf("byte %d", at))
	})
	k := find(t, set.PublicKeys, func(k vectors.PublicKey) vectors.Head { return k.Head }, "key-rsa-1024-e17")
	flips(k.SPKI, func(at int) {
		caught(t, vectors.Set{PublicKeys: []vectors.PublicKey{k}}, k.ID, fmt.Sprintf("byte %d", at))
	})
	c := find(t, set.Cksums, func(c vectors.Cksum) vectors.Head { return c.Head }, "cksum-length-257")
	flips(c.Pattern, func(at int) {
		caught(t, vectors.Set{Cksums: []vectors.Cksum{c}}, c.ID, fmt.Sprintf("byte %d", at))
	})
}

func TestVerifyCatchesFlippedConversations(t *testing.T) {
	set := load(t)
	c := find(t, set.Conversations, func(c vectors.Conversation) vectors.Head { return c.Head }, "conv-2024a-mismatch-once")
	for i := range c.Frames {
		frame := c.Frames[i].Hex
		for _, at := range []int{0, len(frame) / 2, len(frame) - 1} {
			frame[at] ^= 0x10
			caught(t, vectors.Set{Conversations: []vectors.Conversation{c}}, c.ID, fmt.Sprintf("byte %d of frame %d", at, i+1))
			frame[at] ^= 0x10
		}
	}
}

// Damage that is no flipped byte of a frame.
func TestVerifyCatches(t *testing.T) {
	set := load(t)
	negative := find(t, set.Negatives, func(n vectors.Negative) vectors.Head { return n.Head }, "neg-2024a-register-byte-0a")
	talk := find(t, set.Conversations, func(c vectors.Conversation) vectors.Head { return c.Head }, "conv-2024a-mismatch-once")
	port := find(t, set.States, func(s vectors.State) vectors.Head { return s.Head }, "state-port-1256")
	noPort := find(t, set.States, func(s vectors.State) vectors.Head { return s.Head }, "state-port-65536")
	sum := find(t, set.Cksums, func(c vectors.Cksum) vectors.Head { return c.Head }, "cksum-digits")
	right := find(t, set.Messages, func(m vectors.Message) vectors.Head { return m.Head }, "msg-2024a-register")

	damage := map[string]struct {
		id  string
		set vectors.Set
	}{
		"offset":      {negative.ID, negatives(negative, func(n *vectors.Negative) { n.Whole.Offset++ })},
		"field":       {negative.ID, negatives(negative, func(n *vectors.Negative) { n.Stream.Field = "code" })},
		"clause":      {negative.ID, negatives(negative, func(n *vectors.Negative) { n.Stream.Clause = "FRM-8" })},
		"not wrong":   {negative.ID, negatives(negative, func(n *vectors.Negative) { n.Hex = right.Hex })},
		"edition":     {negative.ID, negatives(negative, func(n *vectors.Negative) { n.Edition = "2020a" })},
		"no clause":   {negative.ID, negatives(negative, func(n *vectors.Negative) { n.Clauses = append(n.Clauses, "FRM-999") })},
		"excluded":    {negative.ID, negatives(negative, func(n *vectors.Negative) { n.Edition, n.Clauses = "2022c", append(n.Clauses, "LGN-1") })},
		"aes key":     {talk.ID, conversations(talk, func(c *vectors.Conversation) { c.AESKey = bytes.Repeat([]byte{1}, 32) })},
		"plaintext":   {talk.ID, conversations(talk, func(c *vectors.Conversation) { c.Plaintext = c.Plaintext[1:] })},
		"private key": {talk.ID, conversations(talk, func(c *vectors.Conversation) { c.PrivateKey = c.PrivateKey[1:] })},
		"cut short":   {talk.ID, conversations(talk, func(c *vectors.Conversation) { c.Frames = c.Frames[:4] })},
		"misjudged":   {talk.ID, conversations(talk, func(c *vectors.Conversation) { c.Frames = append(c.Frames[:6:6], c.Frames[9:]...) })},
		"port":        {port.ID, states(port, func(s *vectors.State) { s.Value = &vectors.Value{Port: 1257} })},
		"no value":    {port.ID, states(port, func(s *vectors.State) { s.Value = nil })},
		"unbroken":    {port.ID, states(port, func(s *vectors.State) { s.Breaks = "STO-1" })},
		"line":        {noPort.ID, states(noPort, func(s *vectors.State) { s.Line = 7 })},
		"accepted":    {noPort.ID, states(noPort, func(s *vectors.State) { s.Breaks = "" })},
		"sum":         {sum.ID, vectors.Set{Cksums: []vectors.Cksum{{Head: sum.Head, Pattern: sum.Pattern, Length: 9, Cksum: sum.Cksum + 1, Wire: sum.Wire}}}},
		"wire":        {sum.ID, vectors.Set{Cksums: []vectors.Cksum{{Head: sum.Head, Pattern: sum.Pattern, Length: 9, Cksum: sum.Cksum}}}},
		"no pattern":  {sum.ID, vectors.Set{Cksums: []vectors.Cksum{{Head: sum.Head, Length: 9, Cksum: sum.Cksum, Wire: sum.Wire}}}},
	}
	for name, d := range damage {
		t.Run(name, func(t *testing.T) { caught(t, d.set, d.id, name) })
	}
}

func negatives(n vectors.Negative, change func(*vectors.Negative)) vectors.Set {
	change(&n)
	return vectors.Set{Negatives: []vectors.Negative{n}}
}

func conversations(c vectors.Conversation, change func(*vectors.Conversation)) vectors.Set {
	change(&c)
	return vectors.Set{Conversations: []vectors.Conversation{c}}
}

func states(s vectors.State, change func(*vectors.State)) vectors.Set {
	change(&s)
	return vectors.Set{States: []vectors.State{s}}
}
