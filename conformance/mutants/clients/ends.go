package clients

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/spec"
)

// endRows are mistakes in how the client takes the end of a connection, or silence.
var endRows = []row{
	{
		id: "crashes-when-closed", clauses: "RTY-5 SEC-1", often: "when the server closes or resets the connection", about: "crashes",
		also:   "CLT-SEC-05 CLT-SEC-14 CLT-SEC-16",
		mutate: onEnds(func(c *conn, _ error) { c.process.die() }),
	},
	{
		id: "hangs-when-reset", clauses: "RTY-5", often: "when the server resets the connection", about: "does not end",
		mutate: onEnds(func(_ *conn, err error) {
			if errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) {
				hang()
			}
		}),
	},
	{
		id: "success-when-closed", clauses: "RTY-5 CRC-5", often: "when the server closes the connection", about: "reports a success",
		mutate: claimingSuccess(func(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }),
	},
	{
		id: "success-when-reset", clauses: "RTY-5", often: "when the server resets the connection, or nobody listens", about: "reports a success",
		mutate: claimingSuccess(func(err error) bool {
			return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNREFUSED)
		}),
	},
	{
		id: "connects-for-ever", clauses: "RTY-5", often: "when nobody listens at the address", about: "tries to connect again and again",
		mutate: func(p *process) {
			dial := p.dial
			p.dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
				for {
					conn, err := dial(ctx, network, addr)
					if !errors.Is(err, syscall.ECONNREFUSED) {
						return conn, err
					}
					wait(50 * time.Millisecond)
				}
			}
		},
	},
	{
		id: "waits-for-ever", clauses: "RTY-8", often: "when the server says nothing", about: "waits for ever",
		mutate: func(p *process) { p.timeout = time.Hour },
	},
	{
		id: "success-when-silent", clauses: "RTY-8", often: "when the server says nothing", about: "reports a success after a while",
		mutate: claimingSuccess(func(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }),
	},
	{
		id: "success-at-last", clauses: "CRC-5", often: "when the answer to 1029 does not come", about: "reports a success",
		mutate: func(p *process) {
			confirmed := false
			onRequests(func(*conn, *message.Message) { confirmed = true }, spec.TypeCRCOK)(p)
			claimingSuccess(func(err error) bool { return confirmed && !errors.Is(err, client.ErrRefused) })(p)
		},
	},
}
