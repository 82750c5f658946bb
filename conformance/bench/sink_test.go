package bench

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

const sinkSize = 3000 // bytes of the file that it waits for

func sinking(t *testing.T, ed *spec.Edition) (*sink, *peer.Client, content) {
	t.Helper()
	s, err := newSink(t.Context(), "127.0.0.1", ed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	c := newContents([]int64{sinkSize})[sinkSize]
	s.expect(c)
	client, err := peer.Dial(t.Context(), s.listener.Addr().String(), peer.Options{Edition: ed, Timeout: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	key, err := seal.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	client.Register("somebody")
	if r := client.SendKey(key); client.AES == nil {
		t.Fatal(r)
	}
	return s, client, c
}

// The sink takes the right file, of a client that is new and of one that returns.
func TestSink(t *testing.T) {
	for _, ed := range spec.Editions() {
		t.Run(ed.Name, func(t *testing.T) {
			s, client, c := sinking(t, ed)
			if ed.Has(spec.TypeLogin) {
				if r := client.Login(); r.Type() != spec.TypeLoginAccepted {
					t.Fatal(r)
				}
			}
			if r := client.SendFile("a.bin", c.plain); r.Type() != spec.TypeFileReceived {
				t.Fatal(r)
			}
			if seen := s.visited(); seen.confirmed || seen.last.Before(seen.first) || seen.first.IsZero() {
				t.Errorf("before it is confirmed: %+v", seen)
			}
			if r := client.Exchange(crcOK("a.bin")); r.Type() != spec.TypeThanks {
				t.Fatal(r)
			}
			if seen := s.visited(); !seen.confirmed || seen.fault != nil {
				t.Errorf("%+v", seen)
			}
		})
	}
}

// Any other file is found out, and not taken for the right one.
func TestSinkFindsFaults(t *testing.T) {
	tests := []struct {
		name, want string
		send       func(c *peer.Client, plain []byte)
	}{
		{"another file", "the ciphertext is not that of the file", func(c *peer.Client, plain []byte) {
			c.SendFile("a.bin", append(bytes.Clone(plain[:len(plain)-1]), plain[len(plain)-1]+1))
		}},
		{"a longer file", "the ciphertext is not that of the file", func(c *peer.Client, plain []byte) {
			c.SendFile("a.bin", append(bytes.Clone(plain), make([]byte, 2000)...))
		}},
		{"a file cut short", "the ciphertext is cut short", func(c *peer.Client, plain []byte) {
			c.SendTransfer(c.Pack("a.bin", plain, peer.Encrypt(c.AES, plain)[:1024], 1024))
		}},
		{"a complaint", "the client says crc-bad, though the checksum was right", func(c *peer.Client, plain []byte) {
			c.SendFile("a.bin", plain)
			c.Exchange(crcBad("a.bin"))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, client, c := sinking(t, defaultEdition(t))
			tt.send(client, c.plain)
			seen := s.visited()
			if seen.fault == nil || !strings.Contains(seen.fault.What, tt.want) || seen.confirmed {
				t.Errorf("%+v", seen)
			}
		})
	}
}

func crcOK(name string) wire.Message  { return &wire.CRCOK{Name: name} }
func crcBad(name string) wire.Message { return &wire.CRCBad{Name: name} }
