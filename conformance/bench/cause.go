package bench

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"

	"github.com/xferspec/xferspec/spec/wire"
)

// causes are what can happen to a connection, in words that are the same each time.
var causes = []struct {
	err  error
	text string
}{
	{context.Canceled, "interrupted"},
	{os.ErrDeadlineExceeded, "nothing in time"},
	{syscall.ECONNRESET, "the connection was reset"},
	{syscall.EPIPE, "the connection was reset"},
	{syscall.ECONNREFUSED, "refused"},
	{syscall.EMFILE, "this process may not open more files (ulimit -n)"},
	{io.ErrUnexpectedEOF, "the connection ends inside an answer"},
	{io.EOF, "the connection was closed"},
	{net.ErrClosed, "interrupted"},
}

// cause returns what an error of a connection means, without what differs between
// two that are alike.
func cause(err error) string {
	if broken, ok := errors.AsType[*wire.Error](err); ok && !broken.Accuses() {
		return "the answer is malformed (an unknown code)"
	} else if ok {
		return "the answer is malformed (" + broken.Clause + ")"
	}
	for _, c := range causes {
		if errors.Is(err, c.err) {
			return c.text
		}
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return "nothing in time"
	}
	return err.Error()
}
