package server

import (
	"context"
	"errors"
	"fmt"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// refusal says why a well-formed request is not granted. Other errors of a handler
// are faults on our side; the client gets the same answer.
type refusal struct {
	clause string // the id of the clause that asks for it
	reason string
}

func (r *refusal) Error() string { return r.reason + " (" + r.clause + ")" }

func refusef(clause, format string, args ...any) *refusal {
	return &refusal{clause, fmt.Sprintf(format, args...)}
}

// refuse answers with an error response. In an edition without one the session
// ends.
func (c *session) refuse(h wire.RequestHeader, m wire.Message, err error) error {
	attrs := append(describe(h, m, &wire.GeneralError{}), "err", err)
	if _, ok := errors.AsType[*refusal](err); ok {
		c.log.Warn("request", attrs...)
	} else {
		c.log.Error("request", attrs...)
	}
	return c.sendError()
}

// refuseMalformed refuses a request that cannot be taken at its word. The session
// goes on where it is certain what the next bytes are, and otherwise ends
// (FRM-12, VER-3, ERR-3).
func (c *session) refuseMalformed(ctx context.Context, h wire.RequestHeader, malformed *wire.Error) error {
	if _, _, err := c.sender(ctx, h.Client); err != nil {
		c.log.Error("request", "client", h.Client, "err", err)
	}
	kind := c.edition.Request(h.Code)
	c.log.Warn("request", "client", h.Client, "request", kind, "outcome", spec.TypeError, "code", h.Code, "err", malformed)
	if err := c.sendError(); err != nil {
		return err
	}
	switch left := c.requests.Left(); {
	case kind == spec.TypeUnknown && left <= maxSkip, // Next skips it
		malformed.Clause != "FRM-12" && left == 0:
		return nil
	}
	return errHangUp
}

func (c *session) sendError() error {
	if !c.edition.Has(spec.TypeError) {
		return errHangUp
	}
	return c.send(&wire.GeneralError{})
}

// wrongVersion is the fault of a request whose version is not the edition's.
func wrongVersion(h wire.RequestHeader, ed *spec.Edition) *wire.Error {
	return &wire.Error{
		Clause: "VER-3", Field: "version", Offset: wire.IDSize,
		Reason: fmt.Sprintf("%d, must be %d", h.Version, ed.Version),
	}
}
