package server_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// ERR-1, ERR-3, ERR-6: an unknown code is refused; a payload that is not too long
// is skipped, and the connection goes on.
func TestUnknownCode(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		for _, size := range []int{0, 1, 255, 1 << 20} {
			c := f.dial()
			c.write(wire.RequestHeader{Version: 3, Code: 9999, Size: uint32(size)}.Append(nil))
			c.wantRefusal() // before the payload comes
			if !f.ed.Has(spec.TypeError) {
				continue
			}
			c.write(bytes.Repeat([]byte{0xff}, size))
			c.register(string(rune('a' + size%26)))
		}
		for _, size := range []uint32{1<<20 + 1, 1<<32 - 1} {
			c := f.dial()
			c.write(wire.RequestHeader{Version: 3, Code: 9999, Size: size}.Append(nil))
			c.wantRefusalAndEnd()
		}
	})
}

// FRM-12, FRM-17: a payload of another size than the code requires is refused, and
// its bytes are never taken for a request.
func TestPayloadSize(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		ada := f.ready("Ada")
		decoy := f.dial().encode(&wire.Register{Name: "decoy"})
		for _, kind := range spec.RequestTypes() {
			code, ok := f.ed.Code(kind)
			if !ok {
				continue
			}
			right, open := wire.PayloadSize(f.ed, kind)
			for _, size := range []uint32{0, 1, uint32(right) - 1, uint32(right) + 1, uint32(right + len(decoy)), 1<<32 - 1} {
				if open && size > uint32(right) {
					continue
				}
				c := f.dial().as(ada)
				c.write(wire.RequestHeader{Client: c.id, Version: 3, Code: code, Size: size}.Append(nil))
				if size <= 10000 {
					payload := slices.Concat(make([]byte, right), decoy)
					_, _ = c.conn.Write(payload[:min(int(size), len(payload))]) // the server may have closed
				}
				c.wantRefusalAndEnd()
			}
		}
		if got := f.query("SELECT count(*) FROM clients"); got != "1" {
			t.Errorf("%s clients, want 1: a payload was taken for a request", got)
		}
	})
}

// VER-3: a request of another version is refused, and has no effect.
func TestVersion(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		ada := f.ready("Ada")
		for _, version := range []byte{0, 1, 2, 4, 255} {
			for _, m := range []wire.Message{
				&wire.Register{Name: "Eve"},
				&wire.PublicKey{Name: "Ada", Key: publicKey(t)},
				ada.packets("f", pattern(10), 1024)[0],
				&wire.CRCAbort{Name: "f"},
			} {
				c := f.dial().as(ada)
				frame := c.encode(m)
				frame[wire.IDSize] = version
				c.write(frame)
				c.wantRefusal()
				if f.ed.Has(spec.TypeError) && m.Type() != spec.TypeFile {
					c.wantNothing() // it goes on
				}
			}
		}
		if f.query("SELECT count(*) FROM clients") != "1" || len(f.paths()) > 0 {
			t.Error("a refused request had an effect")
		}
		ada.upload("f", pattern(10)) // with the old key
		ada.want(ada.received("f", pattern(10)))
	})
}

// FRM-14: a request that is cut off has no effect.
func TestCutOff(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		ada := f.ready("Ada")
		for _, m := range []wire.Message{
			&wire.Register{Name: "Eve"},
			&wire.PublicKey{Name: "Ada", Key: publicKey(t)},
			ada.packets("f", pattern(1000), 1024)[0],
		} {
			frame := ada.encode(m)
			for _, cut := range []int{1, wire.RequestHeaderSize - 1, wire.RequestHeaderSize, len(frame) / 2, len(frame) - 1} {
				c := f.dial()
				c.write(frame[:cut])
				if err := c.conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
					t.Fatal(err)
				}
				c.wantEnd()
			}
		}
		ada.upload("f", pattern(10))
		ada.want(ada.received("f", pattern(10)))
		if got := f.query("SELECT count(*) FROM clients"); got != "1" {
			t.Errorf("%s clients, want 1", got)
		}
		f.wantNoIncoming()
	})
}

// FRM-15: the error is readable although the client goes on sending: no reset
// destroys it.
func TestErrorIsReadable(t *testing.T) {
	f := serve(t, edition(t, "2024a"), t.TempDir())
	for range 20 {
		c := f.dial()
		c.write(wire.RequestHeader{Version: 3, Code: 1025, Size: 1 << 30}.Append(nil))
		c.write(make([]byte, 500_000)) // fits what is drained
		c.wantRefusalAndEnd()
	}
}

// FIL-17, section 2.2: two ids in one request are not the same client.
func TestRepeatedID(t *testing.T) {
	f := serve(t, edition(t, "2022c"), t.TempDir())
	ada, grace := f.ready("Ada"), f.ready("Grace")
	for _, m := range []wire.Message{ada.packets("f", pattern(10), 0)[0], &wire.CRCOK{Name: "f"}} {
		frame, err := wire.RequestFrame(f.ed, ada.id, m)
		if err != nil {
			t.Fatal(err)
		}
		if err := frame.PutBytes("client id (repeated)", grace.id[:]); err != nil {
			t.Fatal(err)
		}
		c := f.dial()
		c.write(frame.Bytes)
		c.wantEnd()
	}
	if paths := f.paths(); len(paths) > 0 {
		t.Errorf("stored: %q", paths)
	}
}
