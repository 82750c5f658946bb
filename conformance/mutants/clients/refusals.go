package clients

import (
	"bytes"
	"errors"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/spec"
)

// errorRows are mistakes in how the client answers to error responses.
var errorRows = []row{
	{
		id: "no-repetition", clauses: "RTY-1", often: "on an error response", about: "ends at the first",
		mutate: onErrors(func(c *conn, _ *message.Message, _ int) { c.process.quit(1, errorWords+"\nfatal: refused") }),
	},
	{
		id: "five-sendings", clauses: "RTY-1 RTY-6", often: "when errors do not end", about: "sends a message five times",
		mutate: fifthSending,
	},
	{
		id: "silent-about-errors", clauses: "RTY-1", often: "on an error response", about: "does not report it",
		mutate: silent,
	},
	{
		id: "repeats-another-name", clauses: "RTY-1", often: "when its registration is answered with an error", about: "registers another name",
		mutate: otherNameAfterError,
	},
	{
		id: "status-1-after-error", clauses: "RTY-1", often: "when it has succeeded in spite of an error response", about: "ends with exit status 1",
		mutate: func(p *process) {
			failed := false
			onErrors(func(*conn, *message.Message, int) { failed = true })(p)
			failingIf(func(*process) bool { return failed })(p)
		},
	},
	{
		id: "hangs-after-errors", clauses: "RTY-2", often: "when errors do not end", about: "does not end",
		mutate: afterwards(func(_ *process, err error) {
			if errors.Is(err, client.ErrRefused) {
				hang()
			}
		}),
	},
	{
		id: "goes-on-after-errors", clauses: "RTY-2", often: "when errors do not end", about: "goes on to the next message",
		mutate: onErrors(func(c *conn, r *message.Message, nth int) {
			if nth == sendings {
				r.Bytes = append(r.Bytes[:0], c.grant()...)
			}
		}),
	},
	{
		id: "success-after-errors", clauses: "RTY-2 RTY-1 RTY-7", often: "when errors do not end", about: "reports a success, and no error",
		mutate: all(silent, claimingSuccess(func(err error) bool { return errors.Is(err, client.ErrRefused) })),
	},
	{
		id: "leaves-process-after-errors", clauses: "RTY-2", often: "when it fails", about: "leaves a process running",
		also: "CLT-RTY-63",
		mutate: afterwards(func(_ *process, err error) {
			if err != nil {
				leaveProcess()
			}
		}),
	},
	{
		id: "takes-1601-for-the-end", clauses: "RTY-3 RTY-1", often: "when its registration is refused", about: "ends at once",
		mutate: onResponses(func(c *conn, _ *message.Message) { c.process.quit(1, "fatal: the name is taken") }, spec.TypeRegistrationRefused),
	},
	{
		id: "takes-1601-for-1600", clauses: "RTY-3 RTY-1", often: "when its registration is refused", about: "goes on to its public key",
		mutate: onResponses(func(c *conn, r *message.Message) { r.Bytes = append(r.Bytes[:0], c.grant()...) }, spec.TypeRegistrationRefused),
	},
	{
		id: "takes-any-answer", clauses: "RTY-4", often: "when a response has an unexpected code", about: "takes it for the right one",
		mutate: onResponses(func(c *conn, r *message.Message) {
			if !expected(c.asked, r.Type) {
				r.Bytes = append(r.Bytes[:0], c.grant()...)
			}
		}),
	},
	{
		id: "three-sendings", clauses: "RTY-6", often: "when errors do not end", about: "sends a message three times",
		mutate: onErrors(func(c *conn, _ *message.Message, nth int) {
			if nth == sendings-1 {
				c.process.quit(1, errorWords+"\nfatal: refused three times")
			}
		}),
	},
	{
		id: "counts-errors-together", clauses: "RTY-6", often: "when several messages are answered with errors", about: "counts the repetitions of all messages together",
		mutate: func(p *process) {
			errs := 0
			onErrors(func(*conn, *message.Message, int) {
				if errs++; errs == sendings {
					p.quit(1, errorWords+"\nfatal: refused too often")
				}
			})(p)
		},
	},
	{
		id: "does-not-say-fatal", clauses: "RTY-7", often: "when it fails", about: "does not say that this is fatal",
		mutate: ending(func(err error, _ string, status int) (string, int) {
			if err != nil {
				return "it does not work\n", status
			}
			return "", status
		}),
	},
	{
		id: "status-0-after-errors", clauses: "RTY-7", often: "when errors do not end", about: "ends with exit status 0",
		mutate: ending(func(err error, text string, status int) (string, int) {
			if errors.Is(err, client.ErrRefused) {
				return text, 0
			}
			return text, status
		}),
	},
}

// silent has the client say nothing about error responses.
func silent(p *process) {
	p.stdout = filter{p.stdout, func(line []byte) bool { return !bytes.Contains(line, []byte(errorWords)) }}
}

// sendings is how often the reference sends a message that is always refused.
const sendings = 4

// fifthSending repeats a message when the reference would not do so any more.
func fifthSending(p *process) {
	var last []byte
	onRequests(func(_ *conn, r *message.Message) {
		if !r.Is(spec.TypeFile) || r.Uint("packet number") == 1 {
			last = nil
		}
		last = append(last, r.Bytes...)
	})(p)
	onErrors(func(c *conn, r *message.Message, nth int) {
		if nth != sendings || c.send(last) != nil {
			return
		}
		if answer, err := c.next(); err == nil {
			r.Bytes = answer
		}
	})(p)
}

// otherNameAfterError has the client repeat a registration under another name.
func otherNameAfterError(p *process) {
	suffix := ""
	onErrors(func(*conn, *message.Message, int) { suffix += "x" })(p)
	onRequests(func(_ *conn, r *message.Message) { r.SetText(r.Text() + suffix) }, spec.TypeRegister)(p)
}

// expected says whether the reference takes a response for an answer to a request, a
// refusal included.
func expected(request, response spec.MessageType) bool {
	switch response {
	case spec.TypeError, spec.TypeRegistrationRefused:
		return true
	case spec.TypeRegistered:
		return request == spec.TypeRegister
	case spec.TypeKeyAccepted:
		return request == spec.TypePublicKey
	case spec.TypeLoginAccepted, spec.TypeLoginRefused:
		return request == spec.TypeLogin
	case spec.TypeFileReceived:
		return request == spec.TypeFile
	case spec.TypeThanks:
		return request == spec.TypeCRCOK || request == spec.TypeCRCAbort
	default:
		return false
	}
}
