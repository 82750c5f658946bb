package client

import (
	"fmt"
	"slices"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/spec"
)

// course is what the requests of a run showed.
type course struct {
	finding  *fuzz.Finding
	open     bool // at some point the text left open what comes next
	refusals int  // error responses up to there
	last     said // the last answer
}

// Sendings of a message that keeps getting error responses (RTY-1), and transfers
// of a file whose checksum keeps being another (CRC-6).
const (
	leastSendings = 2
	mostSendings  = 4
	mostTransfers = 4
)

// follow goes through a run from request to request, up to the first one after
// which the text leaves open what comes next.
func (s *Subject) follow(r *run, steps []step) course {
	f := follower{s: s, r: r}
	f.due(spec.TypeRegister, "CFG-2")
	if r.known {
		f.due(s.introduction(), "CFG-2")
	}
	for _, st := range steps {
		f.last = st.said
		if f.finding = f.comes(st); f.finding != nil || f.open {
			break
		}
		f.answered(st)
		if f.open {
			break
		}
	}
	if !f.open && f.finding == nil {
		f.finding = f.ends()
	}
	if len(steps) > 0 {
		f.last = steps[len(steps)-1].said
	}
	return f.course
}

// introduction is how a client that the server may know begins.
func (s *Subject) introduction() spec.MessageType {
	if s.ed.Has(spec.TypeLogin) {
		return spec.TypeLogin
	}
	return spec.TypePublicKey
}

type follower struct {
	course
	s *Subject
	r *run

	next       []spec.MessageType // what may come; none: the end
	clause     string             // that says so
	mayEnd     bool
	sendings   int // of the message that was refused last
	mismatches int
}

func (f *follower) due(t spec.MessageType, clause string) {
	f.next, f.clause, f.mayEnd = []spec.MessageType{t}, clause, false
}

// comes judges which request comes.
func (f *follower) comes(st step) *fuzz.Finding {
	if st.Err != nil {
		return nil // wellFormed says it
	}
	if !slices.Contains(f.next, st.Type()) {
		return finding(f.clause, f.words(), "it sends %v", st.Request)
	}
	return f.refused(st)
}

// refused looks for a request that no rule has refused, but the harness itself:
// what it says cannot be right.
func (f *follower) refused(st step) *fuzz.Finding {
	sense := st.said.sense
	if st.said.deed != "" || sense != refusal && sense != unknown && sense != ended {
		return nil
	}
	switch st.Type() {
	case spec.TypePublicKey:
		if f.r.known && f.r.plan.Who == forgotten && !f.s.ed.Has(spec.TypeLogin) {
			return nil // under the id of an earlier run
		}
		return finding("KEY-1", "sends its name and an RSA-1024 public key in DER", "%v, which is no such key or not for this client", st.Request)
	case spec.TypeLogin:
		if f.r.plan.Who == returning {
			return finding("LGN-1", "logs in with the name and the id that it was given", "%v, with the id %v", st.Request, st.Header.Client)
		}
	case spec.TypeFile:
		return finding("KEY-8", "encrypts the file with the AES key that it was given, under its own id", "%v, which does not decrypt", st.Request)
	}
	return nil
}

// words says what is due.
func (f *follower) words() string {
	text := "ends"
	if len(f.next) > 0 {
		text = fmt.Sprintf("sends %v", f.next[0])
		if f.mayEnd {
			text += ", or ends"
		}
	}
	return text
}

// answered notes what an answer makes the client do.
func (f *follower) answered(st step) {
	switch st.said.sense {
	case ended, ambiguous:
		f.open = true
	case refusal:
		f.refusals++
		f.sendings++
		f.due(st.Type(), "RTY-1")
		f.mayEnd = f.sendings >= leastSendings
		if f.sendings == mostSendings {
			f.next = nil
		}
	case unknown:
		f.sendings = 0
		f.due(spec.TypeRegister, "LGN-9")
	case differs:
		f.sendings = 0
		if f.mismatches++; f.mismatches < mostTransfers {
			f.due(spec.TypeCRCBad, "CRC-6")
		} else {
			f.due(spec.TypeCRCAbort, "CRC-7")
		}
	case granted:
		f.sendings = 0
		f.granted(st)
	}
}

// granted notes what the right answer makes the client do.
func (f *follower) granted(st step) {
	switch st.Type() {
	case spec.TypeRegister:
		f.due(spec.TypePublicKey, "KEY-1")
	case spec.TypePublicKey:
		f.due(spec.TypeFile, "KEY-8")
	case spec.TypeLogin:
		f.due(spec.TypeFile, "LGN-8")
	case spec.TypeFile:
		f.due(spec.TypeCRCOK, "CRC-5")
	case spec.TypeCRCBad:
		f.due(spec.TypeFile, "CRC-6")
	case spec.TypeCRCOK:
		f.next, f.clause = nil, "CRC-5"
	case spec.TypeCRCAbort:
		f.next, f.clause = nil, "CRC-7"
	default:
		f.open = true
	}
}

// ends judges that nothing more comes.
func (f *follower) ends() *fuzz.Finding {
	switch {
	case f.r.TimedOut || f.r.Signal != "":
		return nil // which is judged by itself
	case len(f.next) > 0 && !f.mayEnd:
		return finding(f.clause, f.words(), "it sends nothing more and ends with exit status %d", f.r.ExitCode)
	case f.last.to == spec.TypeCRCOK && f.last.sense == granted && f.r.ExitCode != 0:
		return finding("CRC-5", "ends with success after 1604", "it ends with exit status %d", f.r.ExitCode)
	}
	return nil
}
