package client_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/state"
	"github.com/xferspec/xferspec/spec/wire"
)

// Every edition brings files of every awkward length, first as an unknown client
// and then as a known one.
func TestRunBringsTheFile(t *testing.T) {
	for _, e := range spec.Editions() {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			f := (&fake{edition: e}).start(t)
			o := newOutbox(t, f.addr, nil)
			sizes := []int{0, 1, 15, 16, 1007, 1008, 1023, 1024, 1025, 100_000, 256 << 10, 300_001}
			for _, size := range sizes {
				o.write("docs/"+fileName, pattern(size))
				if output, err := o.run(f); err != nil {
					t.Fatalf("%d bytes: %v\n%s", size, err, output)
				}
			}
			requests := f.received()
			for i, size := range sizes {
				if !bytes.Equal(f.files[i], pattern(size)) {
					t.Errorf("file of %d bytes arrived otherwise", size)
				}
			}
			checkRequests(t, f, requests)
			checkConversations(t, e, types(requests), len(sizes))
		})
	}
}

// checkConversations wants one registration and n-1 logins, or the public key
// again where the edition has no login.
func checkConversations(t *testing.T, e *spec.Edition, got []spec.MessageType, n int) {
	t.Helper()
	known := spec.TypeLogin
	if !e.Has(known) {
		known = spec.TypePublicKey
	}
	want := []spec.MessageType{spec.TypeRegister, spec.TypePublicKey, spec.TypeFile, spec.TypeCRCOK}
	for range n - 1 {
		want = append(want, known, spec.TypeFile, spec.TypeCRCOK)
	}
	if !slices.Equal(got, want) {
		t.Errorf("sent\n%v, want\n%v", got, want)
	}
}

// checkRequests looks at every request as such (VER-2, REG-1, KEY-1, LGN-1, FRM-10,
// FIL-1 to FIL-6, FIL-24).
func checkRequests(t *testing.T, f *fake, requests []*request) {
	t.Helper()
	var before *wire.File
	for _, r := range requests {
		if r.Version != 3 {
			t.Errorf("%s has version %d", r.message.Type(), r.Version)
		}
		if _, first := r.message.(*wire.Register); !first && r.Client != f.client {
			t.Errorf("%s is from %s", r.message.Type(), r.Client)
		}
		again, err := wire.AppendRequest(nil, f.edition, r.Client, r.message)
		if err != nil || !bytes.Equal(again, r.frame) {
			t.Errorf("%s is not encoded as it should be: %v", r.message.Type(), err)
		}
		switch m := r.message.(type) {
		case *wire.Register:
			wantText(t, "name", m.Name, clientName)
		case *wire.PublicKey:
			wantText(t, "name", m.Name, clientName)
		case *wire.Login:
			wantText(t, "name", m.Name, clientName)
		case *wire.CRCOK:
			wantText(t, "file name", m.Name, fileName)
		case *wire.File:
			wantText(t, "file name", m.Name, fileName)
			checkPacket(t, f.edition, before, m)
			before = m
		}
	}
}

func checkPacket(t *testing.T, e *spec.Edition, before, m *wire.File) {
	t.Helper()
	if !e.PacketFields {
		if len(m.Content) != int(m.ContentSize) {
			t.Errorf("content size %d, %d bytes of content", m.ContentSize, len(m.Content))
		}
		return
	}
	wantNumber := uint16(1)
	if before != nil && before.Number < before.Total {
		wantNumber = before.Number + 1
		if m.Total != before.Total || m.ContentSize != before.ContentSize || m.OriginalSize != before.OriginalSize {
			t.Errorf("packet %d disagrees with the one before: %d of %d, %d of %d, %d of %d", m.Number,
				m.Total, before.Total, m.ContentSize, before.ContentSize, m.OriginalSize, before.OriginalSize)
		}
	}
	want := 1024
	if m.Number == m.Total {
		want = int(m.ContentSize) - 1024*int(m.Total-1)
	}
	if m.Number != wantNumber || len(m.Content) != want || want < 1 || want > 1024 {
		t.Errorf("packet %d of %d has %d bytes; want packet %d with %d", m.Number, m.Total, len(m.Content), wantNumber, want)
	}
	if int64(m.ContentSize) != seal.CiphertextSize(int64(m.OriginalSize)) {
		t.Errorf("content size %d for original size %d", m.ContentSize, m.OriginalSize)
	}
}

func wantText(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s %q, want %q", what, got, want)
	}
}

// FRM-5: answers may come byte by byte.
func TestAnswersByteByByte(t *testing.T) {
	f := (&fake{dribble: true}).start(t)
	if output, err := newOutbox(t, f.addr, pattern(5000)).run(f); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

// The zero Config works in the working directory of the process.
func TestZeroConfig(t *testing.T) {
	f := (&fake{}).start(t)
	o := newOutbox(t, f.addr, pattern(100))
	t.Chdir(o.dir)
	if err := client.Run(t.Context(), client.Config{}); err != nil {
		t.Error(err)
	}
	o.read("me.info")
}

func TestDialMakesTheConnection(t *testing.T) {
	f := (&fake{}).start(t)
	o := newOutbox(t, f.addr, pattern(100))
	var asked []string
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		asked = append(asked, network+" "+addr)
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	if output, err := o.runConfig(client.Config{Dial: dial}); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if want := []string{"tcp " + f.addr}; !slices.Equal(asked, want) {
		t.Errorf("connected to %q, want %q", asked, want)
	}
}

func TestRunSaysWhatItDoes(t *testing.T) {
	f := (&fake{}).start(t)
	o := newOutbox(t, f.addr, []byte("123456789"))
	first, err := o.run(f)
	if err != nil {
		t.Fatal(err)
	}
	second, err := o.run(f)
	if err != nil {
		t.Fatal(err)
	}
	id := f.client.String()
	const rest = "sent notes.txt: 9 bytes, packets: 1\nchecksum 930766865 agrees, notes.txt is verified\n"
	wantText(t, "output", first, "registered \"Ada Lovelace\" as "+id+"\npublic key accepted\n"+rest)
	wantText(t, "output", second, "logged in as \"Ada Lovelace\", "+id+"\n"+rest)
	quiet, err := o.runConfig(client.Config{Quiet: true})
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, "quiet output", quiet, "")
}

// SEC-2: of all that was sent, nothing is the plaintext or the private key.
func TestNothingSecretIsSent(t *testing.T) {
	f := (&fake{}).start(t)
	secret := bytes.Repeat([]byte("top secret, 16b!"), 500)
	o := newOutbox(t, f.addr, secret)
	output, err := o.run(f)
	if err != nil {
		t.Fatal(err)
	}
	me, err := state.ParseMeInfo(o.read("me.info"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := seal.ParsePrivateKey(me.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	var sent []byte
	for _, r := range f.received() {
		sent = append(sent, r.frame...)
	}
	for what, bad := range map[string][]byte{
		"plaintext": secret[:16], "private exponent": key.D.Bytes(),
		"prime 1": key.Primes[0].Bytes(), "prime 2": key.Primes[1].Bytes(),
	} {
		if bytes.Contains(sent, bad) {
			t.Errorf("the %s was sent", what)
		}
	}
	if strings.Contains(output, fmt.Sprintf("%x", f.aesKey)) {
		t.Error("the AES key was printed")
	}
}
