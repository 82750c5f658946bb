package interop

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// conversation makes of transcripts what a peer.Server would have seen, but for
// the contents of the transfers: nobody here has the AES key.
func conversation(ed *spec.Edition, transcripts []*trace.Transcript) *peer.Conversation {
	c := &peer.Conversation{Connections: len(transcripts)}
	for i, t := range transcripts {
		told := listener{ed: ed, conn: i + 1, into: c}
		for _, f := range t.Frames(ed) {
			if f.Dir == trace.ToServer {
				told.request(t, f)
			} else {
				told.response(f)
			}
		}
	}
	return c
}

// listener follows one connection.
type listener struct {
	ed   *spec.Edition
	conn int
	into *peer.Conversation
	name string // in the last registration
	der  []byte // in the last key exchange
	asks bool   // the last request has no answer yet
}

func (l *listener) request(t *trace.Transcript, f trace.Frame) {
	if f.Size == 0 || int64(len(f.Bytes)) < f.Size {
		if !errors.Is(f.Err, trace.ErrNotRecorded) {
			l.into.Leftover = append(l.into.Leftover, f.Bytes)
		}
		return
	}
	q := peer.Request{Conn: l.conn, At: t.Start.Add(f.At), Edition: l.ed, Raw: f.Bytes, Message: f.Message, Err: f.Err}
	q.Header = wire.RequestHeader{
		Client: wire.ID(f.Bytes), Version: f.Bytes[wire.IDSize], Code: f.Code,
		Size: binary.LittleEndian.Uint32(f.Bytes[wire.RequestHeaderSize-4:]),
	}
	switch m := f.Message.(type) {
	case *wire.Register:
		l.name = m.Name
	case *wire.PublicKey:
		l.der = m.Key
	case *wire.CRCBad:
		q.Answer = "nothing"
	}
	l.into.Requests = append(l.into.Requests, q)
	l.asks = true
}

func (l *listener) response(f trace.Frame) {
	if l.asks {
		l.into.Requests[len(l.into.Requests)-1].Answer = fmt.Sprintf("%d %s", f.Code, f.Type)
		l.asks = false
	}
	switch m := f.Message.(type) {
	case *wire.Registered:
		l.into.Accounts = append(l.into.Accounts, peer.Account{Name: l.name, ID: m.Client})
	case *wire.KeyAccepted:
		for i := range l.into.Accounts {
			if a := &l.into.Accounts[i]; a.ID == m.Client {
				a.Key, _ = seal.ParsePublicKey(l.der) // the reference would not have taken what is no key
			}
		}
	}
}
