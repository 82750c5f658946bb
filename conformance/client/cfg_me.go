package client

import (
	"bytes"
	"context"
	"encoding/base64"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
)

// Runs of a client whose me.info has another of the forms that are laid down.
var (
	// rebroken has the private key in me.info broken over lines in another way.
	rebroken = fresh.then("rebroken", caseReturn, func(s *stage) { s.files[meInfo] = rebreak(s.files[meInfo]) })

	// twoLines has the private key in priv.key alone.
	twoLines = fresh.then("two-lines", caseReturn, func(s *stage) { s.files[meInfo] = head(s.files[meInfo], 2) })

	// upperCase has the id in the other letters.
	upperCase = fresh.then("upper-case", caseReturn, func(s *stage) { s.changeLine(2, bytes.ToUpper) })
)

var _ = Describe("forms of me.info", Client, Order(7), func() {
	It("comes back when the private key in me.info is broken over lines in another way", Case("CLT-CFG-06", "CFG-9"), rebroken.label(), func(ctx SpecContext) {
		expectReturn(ctx, rebroken.await(ctx))
	})

	It("comes back when me.info has but two lines and priv.key the private key", Case("CLT-CFG-07", "CFG-9"), twoLines.label(), func(ctx SpecContext) {
		run := twoLines.await(ctx)
		build(ctx, casePrivKey)
		expectReturn(ctx, run)
		Expect(run.transfer(ctx)).To(Bring(run.content))
	})

	It("comes back when the id in me.info is written with capital letters", Case("CLT-CFG-38", "CFG-9"), upperCase.label(), func(ctx SpecContext) {
		expectReturn(ctx, upperCase.await(ctx))
	})
})

// damages are what can be wrong with what a client has kept of itself.
var damages = []struct {
	id, what string
	run      *scenario
}{
	{"CLT-CFG-39", "me.info is empty", damaged("me-empty", func(s *stage) { s.files[meInfo] = []byte{} })},
	{"CLT-CFG-40", "me.info has but the name", damaged("me-name", func(s *stage) { s.files[meInfo] = head(s.files[meInfo], 1) })},
	{"CLT-CFG-41", "the id in me.info is too short", damaged("me-short-id", func(s *stage) {
		s.changeLine(2, func(id []byte) []byte { return id[:len(id)-2] })
	})},
	{"CLT-CFG-42", "the id in me.info has a letter that is no hexadecimal digit", damaged("me-bad-id", func(s *stage) {
		s.changeLine(2, func(id []byte) []byte { return append([]byte("g"), id[1:]...) })
	})},
	{"CLT-CFG-43", "the private key in me.info and priv.key is no base64", damaged("bad-base64", func(s *stage) {
		s.changeKeys(func([]byte) []byte { return []byte("*** this is no base64 ***") })
	})},
	{"CLT-CFG-44", "the private key in me.info and priv.key is cut off", damaged("cut-key", func(s *stage) {
		s.changeKeys(func(key []byte) []byte { return encoded(key[:len(key)/2]) })
	})},
	{"CLT-CFG-45", "the private key in me.info and priv.key is of zeros", damaged("zero-key", func(s *stage) {
		s.changeKeys(func(key []byte) []byte { return encoded(make([]byte, len(key))) })
	})},
	{"CLT-CFG-46", "me.info has but two lines and there is no priv.key", damaged("no-key", func(s *stage) {
		s.files[meInfo] = head(s.files[meInfo], 2)
		delete(s.files, privKey)
	})},
	{"CLT-CFG-47", "there is no priv.key", damaged("no-priv-key", func(s *stage) { delete(s.files, privKey) })},
}

func damaged(name string, damage func(s *stage)) *scenario {
	return fresh.then(name, caseReturn, damage)
}

var _ = Describe("a damaged identity", Client, Order(14), func() {
	for _, row := range damages {
		It("neither crashes nor hangs nor reports a success that is none when "+row.what, Case(row.id, "CFG-10"), fresh.label(), second.label(), row.run.label(), func(ctx SpecContext) {
			run := row.run.await(ctx)
			Expect(run).To(End())
			if !run.arrived() {
				Expect(run).NotTo(ReportLike(second.await(ctx)))
			}
		})
	}
})

// arrived says whether the server has received the file and been told that it
// is right.
func (r *run) arrived() bool {
	return len(r.seen.Of(spec.TypeCRCOK)) > 0 && slices.ContainsFunc(r.seen.Transfers, func(t peer.Received) bool {
		return bytes.Equal(t.Plain, r.content)
	})
}

// changeLine replaces a line of me.info, counted from 1, if there is one.
func (s *stage) changeLine(n int, change func(line []byte) []byte) {
	lines := bytes.Split(s.files[meInfo], []byte("\n"))
	if n <= len(lines) {
		lines[n-1] = change(bytes.TrimSpace(lines[n-1]))
	}
	s.files[meInfo] = bytes.Join(lines, []byte("\n"))
}

// changeKeys replaces the private key in me.info and priv.key by what is made
// of its DER.
func (s *stage) changeKeys(change func(der []byte) []byte) {
	two := head(s.files[meInfo], 2)
	text := bytes.Join(bytes.Fields(s.files[meInfo][len(two):]), nil)
	der, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil {
		der = make([]byte, 634) // what it holds is another case's concern
	}
	key := change(der)
	s.files[meInfo] = slices.Concat(two, key, []byte("\n"))
	s.files[privKey] = append(slices.Clone(key), '\n')
}

func encoded(der []byte) []byte { return base64.StdEncoding.AppendEncode(nil, der) }

// expectReturn is what holds for every client that has a me.info.
func expectReturn(ctx context.Context, run *run) {
	GinkgoHelper()
	q := run.first(ctx, run.introduction())
	me, err := state.ParseMeInfo(run.files[meInfo])
	run.need(ctx, err == nil, caseIdentity, "read the me.info of an earlier run")
	Expect(q).To(Carry("client id", me.Client))
	Expect(q).To(Carry("name", me.Name))
}

// head returns the first n lines of a text.
func head(text []byte, n int) []byte {
	lines := bytes.SplitAfterN(text, []byte("\n"), n+1)
	return bytes.Join(lines[:min(n, len(lines))], nil)
}

// rebreak breaks what follows the second line over lines of 64 characters, or
// puts it on one line if it was broken so.
func rebreak(text []byte) []byte {
	two := head(text, 2)
	parts := bytes.Fields(text[len(two):])
	if len(parts) > 1 {
		return slices.Concat(two, bytes.Join(parts, nil), []byte("\n"))
	}
	for _, key := range parts {
		for line := range slices.Chunk(key, 64) {
			two = slices.Concat(two, line, []byte("\n"))
		}
	}
	return two
}
