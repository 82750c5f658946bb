package client

import (
	"errors"
	"fmt"
	"time"

	"github.com/xferspec/xferspec/spec/wire"
)

const (
	// maxSendings is how often a message is sent that is answered with an error:
	// once, and three more times (RTY-6).
	maxSendings = 4

	// workRate is the slowest server that is waited for, in bytes of a file per
	// second, counted from the file's last byte.
	workRate = 1_000_000

	// lastWords is how long to wait for an answer on a connection that takes no
	// more bytes. Whatever the server said before it closed is here already.
	lastWords = time.Second
)

// question is a message that wants an answer.
type question struct {
	what   string                   // what it is called when the user is told
	send   func() error             // sends it; the same bytes every time
	accept func(wire.Message) error // nil for the answer that was wanted
	work   int64                    // bytes that the server has to work through first
	remedy string                   // what the user can do when it is always refused
}

// wait is how long the answer may take.
func (q question) wait(timeout time.Duration) time.Duration {
	return timeout + time.Duration(q.work)*time.Second/workRate
}

// ask sends a message until its answer is the one that was wanted. An error
// response is reported and the message repeated (RTY-1); at the last one the run
// fails with ErrRefused (RTY-2).
func (s *session) ask(q question) error {
	for sending := 1; ; sending++ {
		err := s.exchange(q)
		refused, ok := errors.AsType[*refusal](err)
		if !ok {
			return err
		}
		s.console.insist("server responded with an error: %v", refused)
		if sending == maxSendings {
			return fail(fmt.Errorf("%s %w, %d in all, last with %w", q.what, ErrRefused, sending, refused.reason), "%s", q.remedy)
		}
	}
}

// exchange sends a message once and judges the answer. A *refusal means that it
// may be sent again.
func (s *session) exchange(q question) error {
	wait := q.wait(s.timeout)
	sendErr := q.send()
	if sendErr != nil {
		if _, ok := errors.AsType[*brokenError](sendErr); !ok {
			return sendErr
		}
		wait = lastWords
	}
	answer, err := s.receive(q.what, wait)
	if err == nil {
		err = s.judge(q, answer)
	}
	if _, refused := errors.AsType[*refusal](err); sendErr != nil && !refused {
		return sendErr
	}
	return err
}

func (s *session) judge(q question, answer wire.Message) error {
	switch answer.(type) {
	case *wire.GeneralError, *wire.RegistrationRefused:
		return &refusal{errors.New(s.label(answer))}
	}
	if err := q.accept(answer); err != nil {
		return &refusal{fmt.Errorf("%s: %w", s.label(answer), err)}
	}
	return nil
}

// expect makes a question's accept out of a function that looks at the one type
// of answer that is wanted; any other is an error response (RTY-4).
func expect[M wire.Message](look func(M) error) func(wire.Message) error {
	return func(answer wire.Message) error {
		wanted, ok := answer.(M)
		if !ok {
			return errUnexpected
		}
		return look(wanted)
	}
}

var errUnexpected = errors.New("not an answer to this (RTY-4)")

// mine says whether an answer names this client (SEC-3).
func (s *session) mine(id wire.ID) error {
	if id != s.me.id {
		return fmt.Errorf("names client %s, not %s (SEC-3)", id, s.me.id)
	}
	return nil
}
