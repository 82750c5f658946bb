package peer

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// TestServerTakesNoEndlessStream: a client that sends for ever, on one connection
// after the other, is cut off, whether what it sends are requests or not.
func TestServerTakesNoEndlessStream(t *testing.T) {
	ed, err := spec.LookupEdition("2024a")
	if err != nil {
		t.Fatal(err)
	}
	register, err := wire.AppendRequest(nil, ed, wire.ID{}, &wire.Register{Name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	declared := append([]byte{}, register[:wire.RequestHeaderSize]...)
	declared[17], declared[18] = 1028&0xff, 1028>>8
	copy(declared[19:], []byte{0, 0, 0, 4}) // 64 MiB
	for name, piece := range map[string][]byte{"requests": register, "one long request": declared, "noise": make([]byte, 4096)} {
		t.Run(name, func(t *testing.T) {
			server, err := listenLimited(t.Context(), "127.0.0.1", ed, Script{}, 8<<20)
			if err != nil {
				t.Fatal(err)
			}
			refused := 0
			for began := time.Now(); refused < 3 && time.Since(began) < 20*time.Second; {
				if flood(t, server.Addr(), piece) == 0 {
					refused++
				}
			}
			seen := server.Close()
			if refused < 3 || !seen.TooMuch || !strings.Contains(seen.String(), "more than") {
				t.Errorf("refused %d times; %v", refused, seen)
			}
			kept := 0
			for _, r := range seen.Requests {
				kept += len(r.Raw) + requestCost
			}
			if kept > 2*8<<20 {
				t.Errorf("%d bytes are kept", kept)
			}
		})
	}
}

// flood sends pieces on one connection until it ends, or 64 MiB.
func flood(t *testing.T, addr string, piece []byte) (sent int) {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write(piece); err != nil {
		return 0
	}
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err != nil && !strings.Contains(err.Error(), "timeout") {
		return 0 // closed at once
	}
	chunk := make([]byte, 0, 1<<16+len(piece))
	for len(chunk) < 1<<16 {
		chunk = append(chunk, piece...)
	}
	if err := conn.SetWriteDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	go func() {
		answers := make([]byte, 1<<16)
		for {
			if _, err := conn.Read(answers); err != nil {
				return
			}
		}
	}()
	_ = conn.SetReadDeadline(time.Time{})
	for sent = len(piece); sent < 64<<20; {
		n, err := conn.Write(chunk)
		if sent += n; err != nil {
			break
		}
	}
	return sent
}
