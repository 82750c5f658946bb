package client

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	gomegatypes "github.com/onsi/gomega/types"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
)

// KeepStep succeeds if every request of a run was found where it was due.
func KeepStep() gomegatypes.GomegaMatcher {
	return &judgement[*run]{expected: "begins a request wherever one is due", look: func(r *run) string {
		for _, q := range r.seen.Requests {
			if q.Adrift {
				conformance.PointOutFault(q, q.Err)
				return q.Err.Error()
			}
		}
		return ""
	}}
}

// LeaveNothing succeeds if no connection of a run ended with a part of a request.
func LeaveNothing() gomegatypes.GomegaMatcher {
	return &judgement[*run]{expected: "sends nothing but whole requests", look: func(r *run) string {
		if len(r.seen.Leftover) > 0 && !r.TimedOut {
			return fmt.Sprintf("it sends % x before it ends a connection", r.seen.Leftover[0])
		}
		return ""
	}}
}

// GoOnTo succeeds if a run came to a request of that type, well-formed or not.
func GoOnTo(t spec.MessageType) gomegatypes.GomegaMatcher {
	return &judgement[*run]{expected: "sends a " + t.String() + " request", look: func(r *run) string {
		for _, q := range r.seen.Requests {
			if q.Meant() == t {
				return ""
			}
		}
		return "it sends none"
	}}
}

// SendNo succeeds if a run sent no request of these types, well-formed or not;
// without types, if it sent nothing at all.
func SendNo(types ...spec.MessageType) gomegatypes.GomegaMatcher {
	what := "anything"
	if len(types) > 0 {
		what = list(types)
	}
	return &judgement[*run]{expected: "does not send " + what, look: func(r *run) string {
		for _, q := range r.seen.Requests {
			if len(types) == 0 || slices.Contains(types, q.Meant()) {
				conformance.PointOutField(q, "code")
				return fmt.Sprintf("it sends %v", q)
			}
		}
		if len(types) == 0 && len(r.seen.Leftover) > 0 {
			return "it sends the beginning of a request"
		}
		return ""
	}}
}

// Send succeeds if a run sent a request, the same each time, so many times.
func Send(q peer.Request, least, most int) gomegatypes.GomegaMatcher {
	times := fmt.Sprintf("%d to %d times", least, most)
	if least == most {
		times = fmt.Sprintf("%d times", least)
	}
	return &judgement[*run]{expected: fmt.Sprintf("sends %v, always the same, %s", q, times), look: func(r *run) string {
		n := 0
		for _, other := range r.seen.Requests {
			if same(q, other) {
				n++
			}
		}
		if n < least || n > most {
			return fmt.Sprintf("it sends that %d times", n)
		}
		return ""
	}}
}

// same says whether two requests are the same message. The id in the header of
// a registration is no part of it (REG-2).
func same(a, b peer.Request) bool {
	if a.Type() == spec.TypeRegister && b.Type() == spec.TypeRegister {
		return bytes.Equal(a.Raw[len(a.Header.Client):], b.Raw[len(b.Header.Client):])
	}
	return bytes.Equal(a.Raw, b.Raw)
}

// Proceed succeeds if the transfers of a run and what the client said of their
// checksums came in this order.
func Proceed(order ...spec.MessageType) gomegatypes.GomegaMatcher {
	return &judgement[*run]{expected: "sends " + list(order), look: func(r *run) string {
		if got := list(r.order()); got != list(order) {
			return "it sends " + got
		}
		return ""
	}}
}

func list(order []spec.MessageType) string {
	if len(order) == 0 {
		return "none of these requests"
	}
	var names []string
	for _, t := range order {
		names = append(names, t.String())
	}
	return strings.Join(names, ", ")
}
