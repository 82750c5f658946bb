package client

import (
	"fmt"

	gomegatypes "github.com/onsi/gomega/types"
)

// judgement is a matcher for what was seen, a *run or a part of one. Look
// returns what there was in place of what was expected, "" if all is well.
type judgement[T fmt.Stringer] struct {
	expected string // what the client has to do
	look     func(T) string
	actual   string
}

func (j *judgement[T]) Match(actual any) (bool, error) {
	seen, ok := actual.(T)
	if !ok {
		return false, fmt.Errorf("this looks at a %T, not at a %T", seen, actual)
	}
	j.actual = j.look(seen)
	return j.actual == "", nil
}

func (j *judgement[T]) FailureMessage(actual any) string {
	return fmt.Sprintf("expected: the client %s\nactual:   %s\n%v", j.expected, j.actual, actual)
}

func (j *judgement[T]) NegatedFailureMessage(actual any) string {
	return fmt.Sprintf("expected: anything but that the client %s\n%v", j.expected, actual)
}

// End succeeds if a run came to its end by itself and not by a crash.
func End() gomegatypes.GomegaMatcher {
	return &judgement[*run]{expected: "ends, neither hanging nor crashing", look: func(r *run) string {
		if r.TimedOut || r.Signal != "" {
			return "it " + r.ending()
		}
		return ""
	}}
}

// Survive succeeds if a run did not end in a crash.
func Survive() gomegatypes.GomegaMatcher {
	return &judgement[*run]{expected: "does not crash", look: func(r *run) string {
		if !r.TimedOut && r.Signal != "" {
			return "it " + r.ending()
		}
		return ""
	}}
}

// EndWell succeeds if a run ended with success.
func EndWell() gomegatypes.GomegaMatcher {
	return &judgement[*run]{expected: "ends with exit status 0", look: func(r *run) string {
		if !r.endedWell() {
			return "it " + r.ending()
		}
		return ""
	}}
}

// EndBadly succeeds if a run ended with an exit status that tells of a failure.
func EndBadly() gomegatypes.GomegaMatcher {
	return &judgement[*run]{expected: "ends with an exit status other than 0", look: func(r *run) string {
		if r.TimedOut || r.endedWell() {
			return "it " + r.ending()
		}
		return ""
	}}
}

// LeaveNoProcess succeeds if nothing of the client ran on when a run had ended.
func LeaveNoProcess() gomegatypes.GomegaMatcher {
	return &judgement[*run]{expected: "leaves no process running", look: func(r *run) string {
		if r.Leftover {
			return "it " + r.ending()
		}
		return ""
	}}
}

// ReportLike succeeds if a run reports to its caller just what another one
// reports, one that ended with success.
func ReportLike(success *run) gomegatypes.GomegaMatcher {
	return &judgement[*run]{expected: "prints and returns the same as after a success", look: func(r *run) string {
		if !success.endedWell() || r.claim() != success.claim() {
			return "it does not"
		}
		return ""
	}}
}

// Print succeeds if a run's output has these words, in any letter case, so many
// times at least.
func Print(words string, least int) gomegatypes.GomegaMatcher {
	return &judgement[*run]{expected: fmt.Sprintf("prints %q, in any letter case, at least %d times", words, least), look: func(r *run) string {
		if n := r.prints(words); n < least {
			return fmt.Sprintf("it prints that %d times", n)
		}
		return ""
	}}
}
