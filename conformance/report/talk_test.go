package report

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// said is a message in a conversation.
type said struct {
	dir     trace.Direction
	message wire.Message
}

// conversationOf returns a conversation as it is recorded; the client registers,
// and then sends a file in so many packets.
func conversationOf(t *testing.T, packets int) *trace.Transcript {
	t.Helper()
	ed, err := spec.LookupEdition("2024a")
	if err != nil {
		t.Fatal(err)
	}
	client := wire.ID{0xc1, 1, 2, 3}
	messages := []said{
		{trace.ToServer, &wire.Register{Name: "<b>Alice & Bob"}},
		{trace.ToClient, &wire.Registered{Client: client}},
		{trace.ToServer, &wire.PublicKey{Name: "<b>Alice & Bob", Key: bytes.Repeat([]byte{0x30}, wire.PublicKeySize)}},
		{trace.ToClient, &wire.KeyAccepted{Client: client, Wrapped: bytes.Repeat([]byte{0x77}, wire.WrappedKeySize)}},
	}
	for i := range packets {
		messages = append(messages, said{trace.ToServer, &wire.File{
			ContentSize: uint32(1024 * packets), OriginalSize: uint32(1024*packets - 1), Number: uint16(i + 1), Total: uint16(packets),
			Name: "report.pdf", Content: bytes.Repeat([]byte{byte(i)}, 1024),
		}})
	}
	messages = append(messages, said{trace.ToClient, &wire.FileReceived{Client: client, ContentSize: uint32(1024 * packets), Name: "report.pdf", Cksum: 4294967295}})
	talk := &trace.Transcript{Edition: ed.Name, Client: "127.0.0.1:40112", Server: "127.0.0.1:1256"}
	for i, m := range messages {
		var frame []byte
		if m.dir == trace.ToServer {
			frame, err = wire.AppendRequest(nil, ed, client, m.message)
		} else {
			frame, err = wire.AppendResponse(nil, ed, m.message)
		}
		if err != nil {
			t.Fatal(err)
		}
		talk.Events = append(talk.Events, trace.Event{At: time.Duration(i+1) * 137 * time.Microsecond, Dir: m.dir, Data: frame})
	}
	return talk
}

// keep writes conversations as the traces of a case.
func keep(t *testing.T, folder string, c *Case, talks ...*trace.Transcript) {
	t.Helper()
	for i, talk := range talks {
		name := fmt.Sprintf("%s-%d.xftrace", c.ID, i+1)
		var b bytes.Buffer
		if err := talk.Write(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		c.Traces = append(c.Traces, name)
	}
	c.Trace = c.Traces[0]
}
