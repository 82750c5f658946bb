package server_test

import (
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// ERR-4: whatever a client sends, the server takes it, answers in whole messages,
// and serves the next one. The input follows the id of a client that may send files.
func FuzzRequests(f *testing.F) {
	server := serve(f, edition(f, spec.DefaultEdition), f.TempDir())
	ada := server.ready("Ada")
	var conversation []byte
	for _, m := range []wire.Message{
		&wire.Register{Name: "Eve"},
		&wire.PublicKey{Name: "Ada", Key: publicKey(f)},
		&wire.Login{Name: "Ada"},
	} {
		conversation = append(conversation, ada.encode(m)...)
	}
	for _, packet := range ada.packets("f", pattern(1000), 400) {
		conversation = append(conversation, ada.encode(packet)...)
	}
	conversation = append(conversation, ada.encode(&wire.CRCOK{Name: "f"})...)
	f.Add(conversation[wire.IDSize:])
	f.Add(conversation[wire.IDSize : len(conversation)/2])
	f.Add(slices.Repeat([]byte{3}, 100))
	f.Add(wire.RequestHeader{Version: 3, Code: 1028, Size: 1 << 31}.Append(nil)[wire.IDSize:])

	f.Fuzz(func(t *testing.T, input []byte) {
		c := server.in(t).dial()
		answers := make(chan error, 1)
		go func() {
			for {
				if _, _, err := c.in.Next(); err != nil {
					answers <- err
					return
				}
			}
		}()
		_, _ = c.conn.Write(slices.Concat(ada.id[:], input)) // the server may have closed
		_ = c.conn.(interface{ CloseWrite() error }).CloseWrite()
		select {
		case err := <-answers:
			if !errors.Is(err, io.EOF) {
				t.Errorf("the answers end with %v", err)
			}
		case <-time.After(patience):
			t.Error("the connection does not end")
		}
		if server.faults.count.Load() > 0 {
			t.Fatal("the server panicked")
		}
	})
}
