package trace

import (
	"bytes"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

func edition(t testing.TB, name string) *spec.Edition {
	t.Helper()
	ed, err := spec.LookupEdition(name)
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

// testClient is the client id of all conversations.
var testClient = wire.ID{0xc1, 0x1e, 0x47, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}

// sample is a message and who sends it.
type sample struct {
	dir Direction
	m   wire.Message
}

// conversation is a client that registers and sends a file of 2,064 bytes of ciphertext.
func conversation(ed *spec.Edition) []sample {
	content := bytes.Repeat([]byte{0xab, 0xcd}, 1032)
	file := wire.File{ContentSize: 2064, Name: "report.pdf"}
	messages := []sample{
		{ToServer, &wire.Register{Name: "Alice"}},
		{ToClient, &wire.Registered{Client: testClient}},
		{ToServer, &wire.PublicKey{Name: "Alice", Key: bytes.Repeat([]byte{0x30}, wire.PublicKeySize)}},
		{ToClient, &wire.KeyAccepted{Client: testClient, Wrapped: bytes.Repeat([]byte{0x77}, wire.WrappedKeySize)}},
	}
	if ed.PacketFields {
		for i := range 3 {
			packet := file
			packet.OriginalSize, packet.Number, packet.Total = 2050, uint16(i+1), 3
			packet.Content = content[i*1024 : min((i+1)*1024, len(content))]
			messages = append(messages, sample{ToServer, &packet})
		}
	} else {
		file.Content = content
		messages = append(messages, sample{ToServer, &file})
	}
	return append(messages,
		sample{ToClient, &wire.FileReceived{Client: testClient, ContentSize: 2064, Name: "report.pdf", Cksum: 4294967295}},
		sample{ToServer, &wire.CRCOK{Name: "report.pdf"}},
		sample{ToClient, &wire.Thanks{Client: testClient}},
	)
}

// encode returns a message as it travels.
func encode(t testing.TB, ed *spec.Edition, s sample) []byte {
	t.Helper()
	var b []byte
	var err error
	if s.dir == ToServer {
		b, err = wire.AppendRequest(nil, ed, testClient, s.m)
	} else {
		b, err = wire.AppendResponse(nil, ed, s.m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// recorded is a transcript of the conversation with an event for each message.
func recorded(t testing.TB, ed *spec.Edition) *Transcript {
	tr := &Transcript{
		Edition: ed.Name, Client: "127.0.0.1:40112", Server: "127.0.0.1:1256",
		Start: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	}
	at := time.Duration(0)
	for _, s := range conversation(ed) {
		at += 120 * time.Microsecond
		tr.Events = append(tr.Events, Event{At: at, Dir: s.dir, Data: encode(t, ed, s)})
	}
	tr.Events = append(tr.Events, Event{At: at + 10*time.Microsecond, Dir: ToServer, Kind: End})
	return tr
}

// failing is a writer and reader that does nothing but fail.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
func (f failing) Read([]byte) (int, error)  { return 0, f.err }
