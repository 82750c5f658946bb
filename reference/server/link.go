package server

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"time"
)

// link is a connection whose reads and writes have deadlines. Each read may wait
// for idle, so a slow client may take its time as long as something comes.
//
// When ctx is over, a link that waits for a request fails with errEnding; one in
// the middle of something goes on.
type link struct {
	net.Conn
	ctx  context.Context
	idle time.Duration
	busy func() bool // whether the session is in the middle of something
}

// errEnding ends a session that waits for a request when the server ends.
var errEnding = errors.New("the server ends")

// Read implements io.Reader. Server.finish wakes all reads by a deadline in the
// past, after ctx is over; one that comes before its time is such a call to look
// at ctx again. Looking only after the deadline is set leaves no gap in between.
func (l *link) Read(p []byte) (int, error) {
	for {
		deadline := time.Now().Add(l.idle)
		if err := l.SetReadDeadline(deadline); err != nil {
			return 0, err
		}
		if l.ctx.Err() != nil && !l.busy() {
			return 0, errEnding
		}
		n, err := l.Conn.Read(p)
		woken := n == 0 && errors.Is(err, os.ErrDeadlineExceeded) && time.Now().Before(deadline)
		if !woken {
			return n, err
		}
	}
}

// Write implements io.Writer.
func (l *link) Write(p []byte) (int, error) {
	if err := l.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return 0, err
	}
	return l.Conn.Write(p)
}

// hangUp closes the connection so that the client can still read the last answer
// (FRM-15): to close with unread input would send a reset, which makes the
// client's system drop what it has not read yet.
func (l *link) hangUp() {
	if half, ok := l.Conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		_ = l.SetReadDeadline(time.Now().Add(drainTime))
		_, _ = io.CopyN(io.Discard, l.Conn, maxDrain)
	}
	_ = l.Close()
}
