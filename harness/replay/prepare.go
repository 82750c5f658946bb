package replay

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// known is a client that the server of the recording knew from before.
type known struct {
	id    wire.ID
	name  string // "" where the recording does not tell
	keyed bool   // it had sent a public key
}

// needs are what a recording takes for granted.
type needs struct {
	clients   []known
	names     []string  // that are taken
	strangers []wire.ID // that speak, and of which it is not told whether they were known
}

// needsOf goes through the recording of all connections for them.
func needsOf(players []*replayer) needs {
	var n needs
	var speakers []wire.ID
	seen := map[wire.ID]bool{}               // given out, or needed
	free := map[string]bool{}                // names that were registered in the recording
	called := map[wire.ID]string{}           // names by id
	requests := map[*replayer]wire.Message{} // the last ones
	need := func(id wire.ID, keyed bool) {
		if !seen[id] {
			seen[id] = true
			n.clients = append(n.clients, known{id, called[id], keyed})
		}
	}
	for _, heard := range inOrder(players) {
		f, asked := heard.frame, requests[heard.by]
		if f.Dir == trace.ToServer {
			requests[heard.by] = f.Message
			if id, ok := speaker(f); ok && !slices.Contains(speakers, id) {
				speakers = append(speakers, id)
			}
		}
		switch m := f.Message.(type) {
		case *wire.PublicKey:
			called[wire.ID(f.Bytes)] = m.Name
		case *wire.Login:
			called[wire.ID(f.Bytes)] = m.Name
		case *wire.Registered:
			seen[m.Client] = true
			if r, ok := asked.(*wire.Register); ok {
				free[r.Name] = true
			}
		case *wire.RegistrationRefused:
			if r, ok := asked.(*wire.Register); ok && r.Name != "" && !free[r.Name] {
				free[r.Name] = true
				n.names = append(n.names, r.Name)
			}
		case *wire.KeyAccepted:
			need(m.Client, false)
		case *wire.LoginAccepted:
			need(m.Client, true)
		case *wire.FileReceived:
			need(m.Client, true)
		}
	}
	n.strangers = slices.DeleteFunc(speakers, func(id wire.ID) bool { return seen[id] })
	return n
}

// speaker returns the client that sends a request, where that means anything.
func speaker(f *trace.Frame) (wire.ID, bool) {
	if f.Type == spec.TypeRegister || errors.Is(f.Err, trace.ErrOutOfStep) || len(f.Bytes) < wire.RequestHeaderSize {
		return wire.ID{}, false
	}
	return wire.ID(f.Bytes), true
}

// heard is a frame and the connection that it was on.
type heard struct {
	by    *replayer
	frame *trace.Frame
}

// inOrder returns the frames of all connections in the order in which they began.
func inOrder(players []*replayer) (all []heard) {
	for _, r := range players {
		for i := range r.frames {
			all = append(all, heard{r, &r.frames[i]})
		}
	}
	slices.SortStableFunc(all, func(a, b heard) int { return a.by.began.Add(a.frame.At).Compare(b.by.began.Add(b.frame.At)) })
	return all
}

// prepare brings about what the recording takes for granted.
func (r *replayer) prepare(ctx context.Context, n needs) error {
	for _, id := range n.strangers {
		r.note("client %s keeps its recorded id, which the server does not know: the recording does not tell whether it should", id)
	}
	if len(n.clients) == 0 && len(n.names) == 0 {
		return nil
	}
	c, err := dial(ctx, r.o)
	if err != nil {
		return err
	}
	defer c.close(false)
	for _, name := range n.names {
		if _, err := r.ask(c, wire.ID{}, &wire.Register{Name: name}); err != nil {
			return &PrepareError{fmt.Sprintf("register %q, which was taken in the recording", name), err}
		}
		r.note("the recording takes the name %q for taken: it was registered on another connection first", name)
	}
	for _, client := range n.clients {
		if err := r.introduce(c, client); err != nil {
			return &PrepareError{fmt.Sprintf("register the client %s, which is known in the recording", client.id), err}
		}
	}
	return nil
}

// introduce makes a client known to the server.
func (r *replayer) introduce(c *conn, client known) error {
	recorded := client.name
	if recorded == "" {
		recorded = "replay"
	}
	name := recorded
	answer, err := r.ask(c, wire.ID{}, &wire.Register{Name: name})
	if _, refused := answer.(*wire.RegistrationRefused); refused {
		name = r.rename(recorded)
		answer, err = r.ask(c, wire.ID{}, &wire.Register{Name: name})
	}
	registered, ok := answer.(*wire.Registered)
	if !ok {
		return unexpected(answer, err)
	}
	r.ids[client.id] = registered.Client
	r.note("the recording takes client %s for known: %q was registered on another connection first", client.id, name)
	if !client.keyed {
		return nil
	}
	pair, err := seal.GenerateKey()
	if err != nil {
		return err
	}
	r.keys[client.id] = pair
	der, err := seal.MarshalPublicKey(&pair.PublicKey)
	if err != nil {
		return err
	}
	answer, err = r.ask(c, registered.Client, &wire.PublicKey{Name: name, Key: der})
	accepted, ok := answer.(*wire.KeyAccepted)
	if !ok {
		return unexpected(answer, err)
	}
	return r.unwrap(client.id, accepted.Wrapped)
}

func unexpected(answer wire.Message, err error) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("the answer is %s", answer.Type())
}

// ask sends a request and returns the answer.
func (r *replayer) ask(c *conn, id wire.ID, m wire.Message) (wire.Message, error) {
	b, err := wire.AppendRequest(nil, r.ed, id, m)
	if err != nil {
		return nil, err
	}
	c.write(b)
	header, end := c.read(wire.ResponseHeaderSize)
	if end != open {
		return nil, fmt.Errorf("%s: %s", m.Type(), c.describe(end, len(header)))
	}
	size := binary.LittleEndian.Uint32(header[3:])
	if size > maxPayload {
		return nil, fmt.Errorf("%s: the answer announces %d bytes", m.Type(), size)
	}
	payload, end := c.read(int(size))
	if end != open {
		return nil, fmt.Errorf("%s: %s", m.Type(), c.describe(end, len(header)+len(payload)))
	}
	c.pending = 0
	_, answer, err := wire.DecodeResponse(r.ed, append(header, payload...))
	if err != nil {
		return nil, fmt.Errorf("%s: the answer: %w", m.Type(), err)
	}
	return answer, nil
}
