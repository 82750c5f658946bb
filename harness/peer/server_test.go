package peer

import (
	"bytes"
	"context"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// listen starts a server for one test.
func listen(t *testing.T, script Script) *Server {
	t.Helper()
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Listen(t.Context(), "127.0.0.1", ed, script)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// dial connects a client to it.
func dial(t *testing.T, s *Server) *Client {
	t.Helper()
	c, err := Dial(t.Context(), s.Addr(), Options{Edition: s.ed, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// keyed connects a client that has an AES key.
func keyed(t *testing.T, s *Server) *Client {
	t.Helper()
	key, err := seal.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	c := dial(t, s)
	if r := c.Register("Ada"); r.Type() != spec.TypeRegistered {
		t.Fatalf("registration: %v", r)
	}
	if r := c.SendKey(key); c.AES == nil {
		t.Fatalf("public key: %v", r)
	}
	return c
}

func TestServerFollowsTheProtocol(t *testing.T) {
	s := listen(t, Script{})
	c := keyed(t, s)
	plain := bytes.Repeat([]byte("plain"), 700)
	if r := c.SendFile("a.txt", plain); r.Type() != spec.TypeFileReceived {
		t.Fatalf("file: %v", r)
	}
	if r := c.Exchange(&wire.CRCOK{Name: "a.txt"}); r.Type() != spec.TypeThanks {
		t.Fatalf("crc ok: %v", r)
	}
	if r := c.Login(); r.Type() != spec.TypeLoginAccepted {
		t.Fatalf("login: %v", r)
	}
	c.Close()
	seen := s.Close()
	if len(seen.Transfers) != 1 || !bytes.Equal(seen.Transfers[0].Plain, plain) || len(seen.Transfers[0].Packets) != 4 {
		t.Errorf("transfers: %v", seen.Transfers)
	}
	if len(seen.Accounts) != 1 || seen.Accounts[0].ID != c.ID || !seen.Accounts[0].Key.Equal(&c.Key.PublicKey) {
		t.Errorf("accounts: %v", seen.Accounts)
	}
	const want = `1025 register "Ada" -> 1600 registered`
	if !strings.HasPrefix(seen.String(), want) {
		t.Errorf("the story begins otherwise than %s:\n%v", want, seen)
	}
}

func TestServerReadsAClientsLastBreath(t *testing.T) {
	s := listen(t, Script{Rules: []Rule{{On: spec.TypeRegister, From: 1, To: Always, Do: Hush}}})
	c := dial(t, s)
	for range 100 {
		c.Send(&wire.Register{Name: "Ada"})
	}
	c.SendBytes([]byte("rest"))
	c.Close()
	seen := s.Close()
	if len(seen.Requests) != 100 || len(seen.Leftover) != 1 || string(seen.Leftover[0]) != "rest" {
		t.Errorf("%d requests, leftover %q", len(seen.Requests), seen.Leftover)
	}
}

func TestServerDoesNotWaitForAConnectionThatIsLeftOpen(t *testing.T) {
	s := listen(t, Script{})
	c := dial(t, s)
	c.SendBytes([]byte("half a header"))
	begun := time.Now()
	s.Close()
	if took := time.Since(begun); took > 5*drainTime {
		t.Errorf("Close took %s", took)
	}
}

// TestServerKnowsWhoMiscounts sends a register request with another payload
// size than it has.
func TestServerKnowsWhoMiscounts(t *testing.T) {
	table := []struct {
		name     string
		declared uint64
		sent     int // of the payload
		adrift   bool
	}{
		{"more declared, and sent", 300, 300, false},
		{"less declared, and sent", 4, 4, false},
		{"more declared than sent", 278, 255, true},
		{"much too much declared", 1<<32 - 1, 255, true},
	}
	for _, row := range table {
		t.Run(row.name, func(t *testing.T) {
			s := listen(t, Script{})
			c := dial(t, s)
			f := c.Frame(&wire.Register{Name: "Ada"})
			if err := f.PutUint("payload size", row.declared); err != nil {
				t.Fatal(err)
			}
			frame := slices.Concat(f.Bytes, make([]byte, 300))
			c.SendBytes(frame[:wire.RequestHeaderSize+row.sent])
			if r := c.Receive(); r.Type() != spec.TypeError && r.Outcome != Reset {
				t.Errorf("answer: %v", r)
			}
			c.Close()
			seen := s.Close()
			if len(seen.Requests) != 1 {
				t.Fatalf("%d requests", len(seen.Requests))
			}
			r := seen.Requests[0]
			if r.Err == nil || r.Adrift != row.adrift || r.Meant() != spec.TypeRegister {
				t.Errorf("adrift %v, meant %v: %v", r.Adrift, r.Meant(), r)
			}
		})
	}
}

func TestServerRegistersANameAgainUntilItHasAKey(t *testing.T) {
	s := listen(t, Script{Rules: []Rule{{On: spec.TypeRegister, From: 1, Do: Respond(&wire.RegistrationRefused{})}}})
	first := dial(t, s)
	if r := first.Register("Ada"); r.Type() != spec.TypeRegistrationRefused {
		t.Fatalf("as the script says: %v", r)
	}
	keyed(t, s)
	if r := first.Register("Ada"); r.Type() != spec.TypeRegistrationRefused {
		t.Errorf("of a client with a key: %v", r)
	}
}

func TestServerTakesTheLastPacketAgain(t *testing.T) {
	s := listen(t, Script{Rules: []Rule{{On: spec.TypeFile, From: 1, Do: Refuse}}})
	c := keyed(t, s)
	f := c.NewTransfer("a.txt", make([]byte, 3000), DefaultPacket)
	if r := c.SendTransfer(f); r.Type() != spec.TypeError {
		t.Fatalf("as the script says: %v", r)
	}
	if r := c.Exchange(&f.Packets[len(f.Packets)-1]); r.Type() != spec.TypeFileReceived {
		t.Errorf("last packet again: %v", r)
	}
}

func TestServerWantsTheWholeFileAfterCRCBad(t *testing.T) {
	s := listen(t, Script{Rules: []Rule{{On: spec.TypeFile, From: 1, Do: WrongCksum}}})
	c := keyed(t, s)
	f := c.NewTransfer("a.txt", make([]byte, 3000), DefaultPacket)
	if r := c.SendTransfer(f); r.Type() != spec.TypeFileReceived {
		t.Fatalf("as the script says: %v", r)
	}
	c.Send(&wire.CRCBad{Name: "a.txt"})
	c.Exchange(&f.Packets[len(f.Packets)-1])
	seen := s.Close()
	if n := len(seen.Transfers); n != 2 || bytes.Equal(seen.Transfers[1].Plain, make([]byte, 3000)) {
		t.Errorf("%d transfers, of which the last packet alone is taken for the file", n)
	}
}

func TestRulesChangeAnswers(t *testing.T) {
	table := []struct {
		name string
		do   Action
		want Outcome
		got  spec.MessageType
	}{
		{"refuse", Refuse, Answered, spec.TypeError},
		{"hang up", HangUp, Closed, spec.TypeUnknown},
		{"hang up hard", HangUpHard, Reset, spec.TypeUnknown},
		{"in pieces", InPieces(1, 0), Answered, spec.TypeRegistered},
		{"in pieces far apart", InPieces(7, time.Millisecond), Answered, spec.TypeRegistered},
		{"change", Change(spec.TypeRegistered, func(b []byte) []byte { return b[:9] }), Silent, spec.TypeUnknown},
		{"change of another answer", Change(spec.TypeThanks, func([]byte) []byte { return nil }), Answered, spec.TypeRegistered},
	}
	for _, row := range table {
		t.Run(row.name, func(t *testing.T) {
			s := listen(t, Script{Rules: []Rule{{On: spec.TypeRegister, From: 1, To: 1, Do: row.do}}})
			c := dial(t, s)
			c.Timeout = 200 * time.Millisecond
			if r := c.Register("Ada"); r.Outcome != row.want || r.Type() != row.got {
				t.Errorf("first: %v", r)
			}
			if r := dial(t, s).Register("Ada"); r.Type() != spec.TypeRegistered {
				t.Errorf("second: %v", r)
			}
		})
	}
}

func TestServerEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Listen(ctx, "127.0.0.1", ed, Script{})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	cancel()
	if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(conn); len(b) > 0 || err != nil && strings.Contains(err.Error(), "timeout") {
		t.Errorf("read %q, %v", b, err)
	}
	s.Close()
}
