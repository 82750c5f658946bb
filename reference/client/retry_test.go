package client_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// stages are the messages that want an answer, and how a run gets to them.
var stages = []struct {
	request spec.MessageType
	known   bool // with a me.info
}{
	{spec.TypeRegister, false},
	{spec.TypePublicKey, false},
	{spec.TypeLogin, true},
	{spec.TypeFile, true},
	{spec.TypeCRCOK, true},
}

// wrongAnswer makes an answer that counts as an error response out of the right one.
type wrongAnswer struct {
	name   string
	stages []spec.MessageType // that it can be an answer to
	spoil  func(f *fake, right []byte) []byte
}

var (
	all       = []spec.MessageType{spec.TypeRegister, spec.TypePublicKey, spec.TypeLogin, spec.TypeFile, spec.TypeCRCOK}
	withID    = all[1:]
	withKey   = all[1:3]
	otherThan = func(t spec.MessageType) []spec.MessageType {
		return slices.DeleteFunc(slices.Clone(all), func(a spec.MessageType) bool { return a == t })
	}
)

var wrongAnswers = []wrongAnswer{
	{"1607", all, instead(&wire.GeneralError{})},
	{"1601", all, instead(&wire.RegistrationRefused{})},
	{"1600 to something else", otherThan(spec.TypeRegister), instead(&wire.Registered{})},
	{"1604 to something else", otherThan(spec.TypeCRCOK), instead(&wire.Thanks{})},
	{"1606 to something else", otherThan(spec.TypeLogin), instead(&wire.LoginRefused{})},
	{"1606 for another client", []spec.MessageType{spec.TypeLogin}, instead(&wire.LoginRefused{Client: wire.ID{1}})},
	{"an unknown code", all, func(*fake, []byte) []byte { return []byte{3, 0xff, 0xff, 2, 0, 0, 0, 1, 2} }},
	{"a request's code", all, func(*fake, []byte) []byte { return []byte{3, 1, 4, 0, 0, 0, 0} }},
	{"an unknown code with the longest payload that is skipped", all, func(*fake, []byte) []byte {
		return append([]byte{3, 0xff, 0xff, 0, 0, 1, 0}, make([]byte, 64<<10)...)
	}},
	{"another version", all, set("version", 2)},
	{"a byte too much", all, func(_ *fake, right []byte) []byte {
		return append(right[:3:3], append([]byte{right[3] + 1, right[4], 0, 0}, append(right[7:], 0)...)...)
	}},
	{"an empty payload", all, func(_ *fake, right []byte) []byte { return append(right[:3:3], 0, 0, 0, 0) }},
	{"1607 with a payload", all, func(*fake, []byte) []byte { return []byte{3, 0x47, 6, 3, 0, 0, 0, 'b', 'a', 'd'} }},
	{"another client's id", withID, func(_ *fake, right []byte) []byte { right[7] ^= 1; return right }},
	{"a key that does not unwrap", withKey, func(_ *fake, right []byte) []byte { right[30] ^= 1; return right }},
	{"a key of 16 bytes", withKey, wrapped(16)},
	{"a key of 31 bytes", withKey, wrapped(31)},
	{"a key of 33 bytes", withKey, wrapped(33)},
	{"an empty key", withKey, wrapped(0)},
	{"another content size", []spec.MessageType{spec.TypeFile}, set("content size", 5000)},
	{"another file name", []spec.MessageType{spec.TypeFile}, func(_ *fake, right []byte) []byte { right[27] ^= 1; return right }},
	{"a file name without a NUL", []spec.MessageType{spec.TypeFile}, func(_ *fake, right []byte) []byte {
		copy(right[27:], strings.Repeat("n", wire.TextSize))
		return right
	}},
}

// instead answers with another message.
func instead(m wire.Message) func(*fake, []byte) []byte {
	return func(f *fake, _ []byte) []byte {
		answer, err := wire.AppendResponse(nil, f.edition, m)
		if err != nil {
			f.t.Error(err)
		}
		return answer
	}
}

// set changes one field of the right answer.
func set(field string, value uint64) func(*fake, []byte) []byte {
	return func(f *fake, right []byte) []byte {
		_, m, err := wire.DecodeResponse(f.edition, right)
		if err != nil {
			f.t.Error(err)
		}
		frame, err := wire.ResponseFrame(f.edition, m)
		if err := errors.Join(err, frame.PutUint(field, value)); err != nil {
			f.t.Error(err)
		}
		return frame.Bytes
	}
}

// wrapped puts an AES key of n bytes in the place of the right one.
func wrapped(n int) func(*fake, []byte) []byte {
	return func(f *fake, right []byte) []byte { return append(right[:23:23], f.wrap(make([]byte, n))...) }
}

// RTY-1, RTY-3, RTY-4, RTY-6, RTY-7, VER-4, SEC-1, SEC-3, SEC-4: whatever is wrong
// with an answer, the message is sent again, and the fourth wrong answer in a row
// ends the run.
func TestWrongAnswers(t *testing.T) {
	for _, stage := range stages {
		for _, wrong := range wrongAnswers {
			if !slices.Contains(wrong.stages, stage.request) {
				continue
			}
			howOften := []int{1, 4}
			if !stage.known {
				howOften = []int{4} // every run makes a key pair, which takes long
			}
			for _, times := range howOften {
				t.Run(fmt.Sprintf("%s/%s/%d", stage.request, wrong.name, times), func(t *testing.T) {
					t.Parallel()
					f := &fake{}
					f.answer = func(r *request, right []byte) ([]byte, error) {
						if r.message.Type() == stage.request && r.nth < times {
							return wrong.spoil(f, right), nil
						}
						return right, nil
					}
					f.start(t)
					o := newOutbox(t, f.addr, pattern(3000))
					if stage.known {
						o.register(f)
					}
					output, err := o.run(f)
					checkRetries(t, f, stage.request, times, output, err)
				})
			}
		}
	}
}

func checkRetries(t *testing.T, f *fake, of spec.MessageType, times int, output string, err error) {
	t.Helper()
	if got := strings.Count(output, errorLine); got != times {
		t.Errorf("%q was printed %d times, want %d:\n%s", errorLine, got, times, output)
	}
	if times < 4 {
		if err != nil {
			t.Errorf("after %d wrong answers: %v", times, err)
		}
		wantIdentical(t, f.received(), of, times+1)
		return
	}
	if !errors.Is(err, client.ErrRefused) {
		t.Errorf("after four wrong answers: %v", err)
	}
	requests := f.received()
	wantIdentical(t, requests, of, 4)
	if sent := types(requests); sent[len(sent)-1] != of {
		t.Errorf("sent after the run had failed: %v", sent)
	}
}

// RTY-6: the count starts afresh with every message.
func TestEveryMessageHasItsOwnCount(t *testing.T) {
	f := &fake{}
	f.answer = func(r *request, right []byte) ([]byte, error) {
		if r.nth < 3 {
			return instead(&wire.GeneralError{})(f, right), nil
		}
		return right, nil
	}
	f.start(t)
	output, err := newOutbox(t, f.addr, pattern(3000)).run(f)
	if err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	for _, of := range []spec.MessageType{spec.TypeRegister, spec.TypePublicKey, spec.TypeFile, spec.TypeCRCOK} {
		wantIdentical(t, f.received(), of, 4)
	}
}

// In 2022c an error response is 2101, or a code that is not expected.
func TestErrorsWithoutErrorResponse(t *testing.T) {
	f := &fake{edition: edition(t, "2022c")}
	f.answer = func(r *request, right []byte) ([]byte, error) {
		if r.nth == 0 {
			return instead(&wire.RegistrationRefused{})(f, right), nil
		}
		return right, nil
	}
	f.start(t)
	output, err := newOutbox(t, f.addr, pattern(3000)).run(f)
	if err != nil || strings.Count(output, errorLine) != 4 {
		t.Errorf("%v\n%s", err, output)
	}
}

// RTY-1: even who wants silence is told of errors.
func TestQuietStillReportsErrors(t *testing.T) {
	f := &fake{}
	f.answer = func(r *request, right []byte) ([]byte, error) {
		if r.message.Type() == spec.TypeFile && r.nth == 0 {
			return instead(&wire.GeneralError{})(f, right), nil
		}
		return right, nil
	}
	f.start(t)
	output, err := newOutbox(t, f.addr, nil).runConfig(client.Config{Quiet: true})
	if err != nil {
		t.Error(err)
	}
	wantText(t, "output", output, errorLine+": 1607 error\n")
}
