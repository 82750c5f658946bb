package client

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/state"
	"github.com/xferspec/xferspec/spec/wire"
)

// judge says what a run broke, if anything.
func (s *Subject) judge(r *run) *fuzz.Result {
	out := &fuzz.Result{Story: r.story(), Steps: r.plan.Len(), Requests: len(r.seen.Requests), Transcripts: r.seen.Transcripts}
	steps := r.steps()
	for i, st := range steps {
		next := "end"
		if i+1 < len(steps) {
			next = steps[i+1].Type().String()
		}
		out.Traits = append(out.Traits, fmt.Sprint(r.plan.Who, st.Type(), st.said.deed, next))
	}
	sure := s.follow(r, steps) // as far as the text says what comes next
	for _, look := range []func() *fuzz.Finding{
		func() *fuzz.Finding { return r.wellFormed() },
		func() *fuzz.Finding { return sure.finding },
		func() *fuzz.Finding { return r.ended(sure) },
		func() *fuzz.Finding { return s.claims(r, steps) },
		func() *fuzz.Finding { return r.secret() },
		func() *fuzz.Finding { return s.transfers(r, sure) },
		func() *fuzz.Finding { return r.prints(sure) },
		func() *fuzz.Finding { return r.keeps(sure) },
		func() *fuzz.Finding { return s.renews(r, sure) },
	} {
		if out.Finding = look(); out.Finding != nil {
			break
		}
	}
	return out
}

// step is an answered request with its answer.
type step struct {
	peer.Request
	said said
}

// steps returns the answered requests; packets before the last of a transfer are
// not among them.
func (r *run) steps() (all []step) {
	n := 0
	for _, q := range r.seen.Requests {
		if q.Answer == "" || n >= len(r.said) {
			continue
		}
		all = append(all, step{q, r.said[n]})
		n++
	}
	return all
}

// finding makes one of a clause.
func finding(clause, expected, actual string, args ...any) *fuzz.Finding {
	return &fuzz.Finding{Clause: clause, Expected: []string{"the client " + expected}, Actual: fmt.Sprintf(actual, args...)}
}

// wellFormed looks at the form of all requests.
func (r *run) wellFormed() *fuzz.Finding {
	for _, q := range r.seen.Requests {
		broken, ok := errors.AsType[*wire.Error](q.Err)
		switch {
		case ok:
			return finding(broken.Clause, "sends well-formed requests", "%v", q)
		case q.Err != nil:
			return finding("FRM-4", "sends a request wherever one is due", "%v", q)
		case q.Header.Version != q.Edition.Version:
			return finding("VER-2", fmt.Sprintf("sends version %d", q.Edition.Version), "version %d in %v", q.Header.Version, q)
		}
	}
	if len(r.seen.Leftover) > 0 && !r.TimedOut && r.Signal == "" && !slices.ContainsFunc(r.said, func(a said) bool { return a.sense == ended || a.sense == ambiguous }) {
		return finding("FRM-4", "sends nothing but whole requests", "%d bytes of a request at the end of a connection", len(r.seen.Leftover[0]))
	}
	return nil
}

// ended looks at how the client came to its end.
func (r *run) ended(sure course) *fuzz.Finding {
	if r.Signal != "" && !r.TimedOut {
		return finding("SEC-1", "does not crash", "it was ended by a signal: %s", r.Signal)
	}
	if !r.TimedOut {
		return nil
	}
	f := finding("CRC-5", "comes to its end", "it had to be killed")
	f.Weak = true
	switch last := sure.last; {
	case last.sense == ended:
		f.Clause = "RTY-5"
	case last.sense == refusal:
		f.Clause = "RTY-2"
	case last.deed == version:
		f.Clause = "VER-4"
	case last.sense == ambiguous:
		return nil // RTY-8 asks for no more than that it should end
	}
	return f
}

// claims looks for success that is claimed and was none.
func (s *Subject) claims(r *run, steps []step) *fuzz.Finding {
	thanked := slices.ContainsFunc(steps, func(st step) bool {
		return st.Type() == spec.TypeCRCOK && (st.said.sense == granted || st.said.sense == ambiguous)
	})
	if thanked || s.model == nil || r.TimedOut || r.claim() != s.model.claim() {
		return nil
	}
	clause := "RTY-2"
	for _, st := range steps {
		switch {
		case st.Type() == spec.TypeCRCAbort:
			clause = "CRC-7"
		case st.said.sense == ended:
			clause = "RTY-5"
		}
	}
	return finding(clause, "claims no success when the file has not arrived", "it prints and returns the same as after a success")
}

// leastSecret is how much of a file has to be seen to be sure, in bytes.
const leastSecret = 32

// secret looks for the plaintext on the wire.
func (r *run) secret() *fuzz.Finding {
	if len(r.content) < leastSecret {
		return nil
	}
	for _, q := range r.seen.Requests {
		if bytes.Contains(q.Raw, r.content[:leastSecret]) {
			return finding("SEC-2", "never sends the plaintext of a file", "its beginning is in %v", q)
		}
	}
	return nil
}

// transfers looks at the files that came.
func (s *Subject) transfers(r *run, sure course) *fuzz.Finding {
	if sure.open {
		return nil
	}
	for _, t := range r.seen.Transfers {
		if f := s.transfer(r, t); f != nil {
			return f
		}
	}
	return nil
}

func (s *Subject) transfer(r *run, t peer.Received) *fuzz.Finding {
	first := t.First()
	for i, q := range t.Packets {
		m := q.Message.(*wire.File)
		switch {
		case s.ed.PacketFields && int(m.Number) != i+1:
			return finding("FIL-1", fmt.Sprintf("sends packet %d", i+1), "%v", q)
		case s.ed.PacketFields && (m.Total != first.Total || m.OriginalSize != first.OriginalSize), m.ContentSize != first.ContentSize, m.Name != first.Name:
			return finding("FIL-2", "repeats sizes, total and file name in every packet", "%v", q)
		case s.ed.PacketContent > 0 && i+1 < len(t.Packets) && len(m.Content) != s.ed.PacketContent:
			return finding("FIL-5", fmt.Sprintf("sends %d bytes of content in every packet but the last", s.ed.PacketContent), "%v", q)
		}
	}
	switch {
	case int(first.ContentSize) != len(t.Cipher), s.ed.PacketFields && int(first.OriginalSize) != len(r.content):
		return finding("FIL-3", fmt.Sprintf("states the sizes, %d and %d", len(t.Cipher), len(r.content)), "%d and %d", first.ContentSize, first.OriginalSize)
	case first.Name != sentFile:
		return finding("FIL-24", "calls the file "+sentFile, "%q", first.Name)
	case t.Err != nil:
		return finding("KEY-8", "encrypts with the AES key that it was given", "the file does not decrypt: %v", t.Err)
	case !bytes.Equal(t.Plain, r.content):
		return finding("FIL-4", fmt.Sprintf("sends its file, whose cksum is %d", cksum.Sum(r.content)), "what came has %d bytes and the cksum %d", len(t.Plain), cksum.Sum(t.Plain))
	}
	return nil
}

// errorWords is what a client prints on an error response (RTY-1).
const errorWords = "server responded with an error"

// prints looks for the message that every error response calls for.
func (r *run) prints(sure course) *fuzz.Finding {
	got := strings.Count(strings.ToLower(r.Output), errorWords)
	if sure.open || got >= sure.refusals {
		return nil
	}
	return finding("RTY-1", fmt.Sprintf("prints %q for each of %d error responses", errorWords, sure.refusals), "it does %d times", got)
}

// keeps looks at me.info.
func (r *run) keeps(sure course) *fuzz.Finding {
	id, registered := r.registered()
	if sure.open || !registered || r.TimedOut {
		return nil
	}
	b, err := target.ReadFile(r.Dir, meInfo, longestState)
	if err != nil {
		return finding("CFG-3", "writes me.info after 1600", "%v", err)
	}
	switch me, err := state.ParseMeInfo(b); {
	case err != nil:
		return finding("CFG-3", "writes me.info after 1600", "%v", err)
	case me.Name != r.name || me.Client != id:
		return finding("CFG-3", fmt.Sprintf("writes %q and %v into me.info", r.name, id), "%q and %v", me.Name, me.Client)
	}
	return nil
}

// renews looks at the key pair of a client that had to register anew.
func (s *Subject) renews(r *run, sure course) *fuzz.Finding {
	if sure.open || !r.known {
		return nil
	}
	before := s.model.seen.Accounts
	for _, a := range r.seen.Accounts {
		registeredNow := !slices.ContainsFunc(before, func(b peer.Account) bool { return b.ID == a.ID })
		usedBefore := slices.ContainsFunc(before, func(b peer.Account) bool { return a.Key != nil && b.Key != nil && b.Key.Equal(a.Key) })
		if registeredNow && usedBefore {
			return finding("LGN-9", "makes a new key pair after 1606", "it sends the public key of an earlier run")
		}
	}
	return nil
}
