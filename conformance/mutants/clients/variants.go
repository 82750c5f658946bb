package clients

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/spec"
)

// pieces writes in pieces what is not longer than a few packets, and the rest at
// once; size gives the length of the ith piece.
func pieces(c *conn, size func(i int) int) func(b []byte) (int, error) {
	return func(b []byte) (int, error) {
		written := 0
		for i := 0; written < min(len(b), 4*packetSize); i++ {
			n, err := c.Conn.Write(b[written:min(len(b), written+size(i))])
			written += n
			if err != nil {
				return written, err
			}
		}
		n, err := c.Conn.Write(b[written:])
		return written + n, err
	}
}

// coalescing writes a file with its last packet, and 1030 with the file after it.
func coalescing(p *process) {
	var held []byte
	onRequests(func(_ *conn, r *message.Message) {
		last := r.Is(spec.TypeFile) && r.Uint("packet number") == r.Uint("total packets")
		held = append(held, r.Bytes...)
		r.Bytes = nil
		if r.Is(spec.TypeFile) && !last || r.Is(spec.TypeCRCBad) {
			return
		}
		r.Bytes, held = held, nil
	})(p)
}

// exitStatus has the client end with another status when it fails.
func exitStatus(status int) mutation {
	return ending(func(err error, text string, _ int) (string, int) {
		if err == nil {
			return text, 0
		}
		return text, status
	})
}

// upper writes in capital letters.
type upper struct{ to io.Writer }

func (u upper) Write(b []byte) (int, error) {
	_, err := u.to.Write(bytes.ToUpper(b))
	return len(b), err
}

// onFiles has the client write me.info and priv.key in another way.
func onFiles(change func(text string) string) mutation {
	return onRegistering(func(*process) {
		for _, name := range []string{meInfo, privKey} {
			writeFile(name, []byte(change(string(readFile(name)))))
		}
	})
}

// repeatingLastPacket sends only the last packet of a file again when the answer to
// the file was an error.
func repeatingLastPacket(p *process) {
	refused := false
	onErrors(func(*conn, *message.Message, int) { refused = true })(p)
	onRequests(func(_ *conn, r *message.Message) {
		if refused && r.Is(spec.TypeFile) && r.Uint("packet number") < r.Uint("total packets") {
			r.Bytes = nil
			return
		}
		refused = false
	})(p)
}

// slow takes its time.
func slow(p *process) {
	p.before = append(p.before, func() { wait(500 * time.Millisecond) })
	onConnections(func(c *conn) {
		wait(200 * time.Millisecond)
		send := c.deliver
		c.deliver = func(b []byte) (int, error) {
			if len(b) < packetSize {
				wait(100 * time.Millisecond)
			}
			return send(b)
		}
	})(p)
}

// talkative prints a log.
func talkative(p *process) {
	log := func(did string) func(*conn, *message.Message) {
		return func(_ *conn, r *message.Message) {
			if !r.Is(spec.TypeFile) {
				fmt.Fprintf(p.stderr, "%s %s %v, %d bytes\n", time.Now().Format(time.RFC3339Nano), did, r.Type, len(r.Bytes))
			}
		}
	}
	onRequests(log("sent"))(p)
	onResponses(log("received"))(p)
}
