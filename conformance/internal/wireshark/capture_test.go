package wireshark

import (
	"fmt"
	"strings"
	"time"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
	"github.com/xferspec/xferspec/vectors"
)

// sent is bytes of a vector and who sends them.
type sent struct {
	dir   trace.Direction
	bytes []byte
}

func sender(from string) trace.Direction {
	if from == vectors.FromClient {
		return trace.ToServer
	}
	return trace.ToClient
}

// connections builds a capture. Each connection has a client's address of its own.
type connections struct {
	ed   *spec.Edition
	all  []*trace.Transcript
	want map[string]*expected
}

// expected is what is to be shown of a connection.
type expected struct {
	name      string // of the test
	messages  [2][]message
	beginning bool // more may follow: a wrong size makes a message of what is none
}

// message is a frame and what is to be said about it.
type message struct {
	frame []byte
	mark  string // in an expert info, such as a clause's id; "" for a good message
	stray bool   // bytes in a segment that belong to a message before, or to none
}

// add adds a connection with an event for each of the pieces.
func (c *connections) add(name, port string, pieces []sent, messages [2][]message) *expected {
	n := len(c.all)
	client := fmt.Sprintf("10.0.%d.%d:40000", n/250, 1+n%250)
	t := &trace.Transcript{
		Edition: c.ed.Name, Client: client, Server: "10.1.0.1:" + port,
		Start: time.Unix(int64(1000+n), 0), // one after the other
	}
	for _, p := range pieces {
		t.Events = append(t.Events, trace.Event{Dir: p.dir, Data: p.bytes})
	}
	for _, dir := range []trace.Direction{trace.ToServer, trace.ToClient} {
		t.Events = append(t.Events, trace.Event{Dir: dir, Kind: trace.End})
	}
	c.all = append(c.all, t)
	c.want[client] = &expected{name: name, messages: messages}
	return c.want[client]
}

// conversation adds a vector: message by message, byte by byte, and as segments
// that have nothing to do with messages.
func (c *connections) conversation(v *vectors.Conversation) {
	var frames, single []sent
	var messages [2][]message
	var joined [2][]byte
	for _, f := range v.Frames {
		dir := sender(f.From)
		frames = append(frames, sent{dir, f.Hex})
		messages[dir] = append(messages[dir], message{frame: f.Hex})
		joined[dir] = append(joined[dir], f.Hex...)
		for i := range f.Hex {
			single = append(single, sent{dir, f.Hex[i : i+1]})
		}
	}
	c.add(v.ID, serverPort, frames, messages)
	c.add(v.ID+" in single bytes", serverPort, single, messages)
	c.add(v.ID+" together", serverPort, []sent{{trace.ToServer, joined[0]}, {trace.ToClient, joined[1]}}, messages)
}

// single adds a connection with one message.
func (c *connections) single(name, from string, m message) *expected {
	var messages [2][]message
	messages[sender(from)] = []message{m}
	return c.add(name, serverPort, []sent{{sender(from), m.frame}}, messages)
}

// negative adds a frame that is wrong. What is only seen after decryption, or by
// looking into a key, is a good message to the dissector; of one that is cut off
// nothing is shown.
func (c *connections) negative(v *vectors.Negative) {
	err := c.decode(v)
	cut := v.Stream.Clause == "FRM-14" || v.Stream.Clause == "RTY-5"
	switch {
	case cut && strings.HasSuffix(v.ID, "-declares-max"):
		c.single(v.ID, v.From, message{frame: v.Hex, mark: "bytes are shown"})
	case cut:
		c.add(v.ID, serverPort, []sent{{sender(v.From), v.Hex}}, [2][]message{})
	case err == nil:
		c.single(v.ID, v.From, message{frame: v.Hex})
	default:
		c.single(v.ID, v.From, message{frame: v.Hex, mark: v.Stream.Clause}).beginning = true
	}
}

func (c *connections) decode(v *vectors.Negative) (err error) {
	if v.From == vectors.FromClient {
		_, _, err = wire.DecodeRequest(c.ed, v.Hex)
	} else {
		_, _, err = wire.DecodeResponse(c.ed, v.Hex)
	}
	return err
}
