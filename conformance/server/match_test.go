package server

import (
	"strings"
	"testing"

	"github.com/onsi/gomega/types"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// reply makes the reply that a message is, in an edition.
func reply(t *testing.T, edition string, m wire.Message) peer.Reply {
	t.Helper()
	ed, err := spec.LookupEdition(edition)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := wire.AppendResponse(nil, ed, m)
	if err != nil {
		t.Fatal(err)
	}
	h, m, err := wire.DecodeResponse(ed, raw)
	if err != nil {
		t.Fatal(err)
	}
	return peer.Reply{Header: h, Message: m, Raw: raw, Edition: ed, Sent: "a request"}
}

// without makes a reply that is none.
func without(t *testing.T, edition string, outcome peer.Outcome) peer.Reply {
	t.Helper()
	r := reply(t, edition, &wire.RegistrationRefused{})
	return peer.Reply{Outcome: outcome, Edition: r.Edition, Sent: "a request"}
}

func TestMatchersKnowTheLegalOutcomes(t *testing.T) {
	file := &peer.Transfer{Plain: []byte("123456789")}
	right := reply(t, "2024a", &wire.FileReceived{Name: "x", Cksum: file.Cksum()})
	wrong := reply(t, "2024a", &wire.FileReceived{Name: "x", Cksum: file.Cksum() + 1})
	refused, failed := reply(t, "2024a", &wire.RegistrationRefused{}), reply(t, "2024a", &wire.GeneralError{})
	withPayload := failed
	withPayload.Outcome, withPayload.Message = peer.Malformed, nil
	closed, reset := without(t, "2024a", peer.Closed), without(t, "2024a", peer.Reset)
	for _, tt := range []struct {
		name    string
		matcher types.GomegaMatcher
		legal   []peer.Reply
		illegal []peer.Reply
	}{
		{"Answer", Answer(spec.TypeRegistrationRefused), []peer.Reply{refused}, []peer.Reply{failed, right, closed, without(t, "2024a", peer.Silent)}},
		{"Refuse", Refuse(spec.TypeRegistrationRefused), []peer.Reply{refused, failed, withPayload, closed, reset},
			[]peer.Reply{right, without(t, "2024a", peer.Silent), without(t, "2024a", peer.CutOff), without(t, "2024a", peer.Malformed)}},
		{"RefuseByAnswer", RefuseByAnswer(), []peer.Reply{failed, without(t, "2022c", peer.Closed)}, []peer.Reply{refused, closed, reset}},
		{"Process", Process(spec.TypeFileReceived), []peer.Reply{right, wrong, failed, closed}, []peer.Reply{refused}},
		{"End", End(), []peer.Reply{closed, reset}, []peer.Reply{failed, without(t, "2024a", peer.Silent)}},
		{"Acknowledge", Acknowledge(file), []peer.Reply{right}, []peer.Reply{wrong, failed, closed}},
		{"NotPass", NotPass(file), []peer.Reply{wrong, failed, closed}, []peer.Reply{right, refused, without(t, "2024a", peer.Silent)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for want, replies := range map[bool][]peer.Reply{true: tt.legal, false: tt.illegal} {
				for _, r := range replies {
					if got, err := tt.matcher.Match(r); err != nil || got != want {
						t.Errorf("%s: %v, %v; want %v", r.What(), got, err, want)
					}
				}
			}
		})
	}
}

func TestFailuresListWhatIsLegalInTheEdition(t *testing.T) {
	for edition, want := range map[string]string{
		"2024a": "expected: 1601 registration-refused, or 1607 error, or the end of the connection",
		"2022c": "expected: 2101 registration-refused, or the end of the connection",
	} {
		message := Refuse(spec.TypeRegistrationRefused).FailureMessage(without(t, edition, peer.Silent))
		if !strings.Contains(message, want) || !strings.Contains(message, "sent:     a request") {
			t.Errorf("%s: %q, want %q in it", edition, message, want)
		}
	}
}
