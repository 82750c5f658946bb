package peer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Received is one transfer as it reached a Server: from packet 1 to the packet
// whose number is the total, or to where it broke off.
type Received struct {
	Packets []Request
	Key     []byte // the AES key in force
	Cipher  []byte // the packets' contents, joined
	Plain   []byte // decrypted; nil if Err is not
	Err     error  // why the ciphertext does not decrypt
}

// First returns the first packet's message.
func (r Received) First() *wire.File { return r.Packets[0].Message.(*wire.File) }

// String describes the transfer, for a failure's message.
func (r Received) String() string {
	return fmt.Sprintf("%d packets, the first is %v", len(r.Packets), r.Packets[0])
}

// Conversation is all that a Server saw of a client, over all connections.
type Conversation struct {
	Connections int
	Requests    []Request
	Transfers   []Received
	Leftover    [][]byte  // per connection that ended inside a request: its last bytes
	TooMuch     bool      // the client has sent so much that the server did not take all of it
	Accounts    []Account // that the server knows in the end, in the order in which they were made

	Transcripts []*trace.Transcript // by connection, if they were to be kept
}

// Of returns the requests of one type, in the order in which they came.
func (c *Conversation) Of(t spec.MessageType) []Request {
	var some []Request
	for _, r := range c.Requests {
		if r.Type() == t {
			some = append(some, r)
		}
	}
	return some
}

// String tells what was requested and answered, a line for each request; the
// packets of a transfer that have no answer are one.
func (c *Conversation) String() string {
	const most = 24
	var lines []string
	var waiting []Request // packets without an answer
	flush := func() {
		if len(waiting) > 0 {
			lines = append(lines, fmt.Sprintf("%d packets, from %v\n    to %v", len(waiting), waiting[0], waiting[len(waiting)-1]))
			waiting = nil
		}
	}
	for _, r := range c.Requests {
		if r.Answer == "" {
			waiting = append(waiting, r)
			continue
		}
		flush()
		lines = append(lines, fmt.Sprintf("%v -> %s", r, r.Answer))
	}
	flush()
	for _, b := range c.Leftover {
		lines = append(lines, fmt.Sprintf("%d bytes that are no whole request: % x", len(b), b[:min(len(b), 16)]))
	}
	if len(lines) > most {
		lines = append(lines[:most], fmt.Sprintf("and %d more", len(lines)-most))
	}
	if c.TooMuch {
		lines = append(lines, errTooMuch.Error()+", the rest was not taken")
	}
	return strings.Join(lines, "\n")
}

// clone returns a copy that the server does not add to.
func (c *Conversation) clone() *Conversation {
	clone := *c
	clone.Requests = slices.Clone(c.Requests)
	clone.Transfers = slices.Clone(c.Transfers)
	clone.Leftover = slices.Clone(c.Leftover)
	return &clone
}
