package server_test

import (
	"testing"

	"github.com/xferspec/xferspec/spec/wire"
)

// The whole of a mismatch, four times (CRC-3, CRC-4, CRC-9).
func TestMismatch(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		c := f.ready("Ada")
		for range 3 {
			c.upload("f", pattern(3000))
			c.want(c.received("f", pattern(3000)))
			c.send(&wire.CRCBad{Name: "f"})
			c.wantNothing()
			if got := f.verified(c.id, "f"); got != "0" {
				t.Errorf("verified %q after 1030, want 0 (CRC-8)", got)
			}
		}
		c.upload("f", pattern(3000))
		c.want(c.received("f", pattern(3000)))
		c.send(&wire.CRCAbort{Name: "f"})
		c.want(c.thanks())
		if _, err := f.stored(c.id, "f"); err == nil || f.verified(c.id, "f") != "" {
			t.Errorf("after 1031: file %v, verified %q, want neither", err, f.verified(c.id, "f"))
		}
	})
}

// 1031 takes nothing away that was verified, and thanks where nothing is.
func TestAbortKeepsVerified(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		c := f.ready("Ada")
		c.upload("f", pattern(10))
		c.want(c.received("f", pattern(10)))
		c.send(&wire.CRCOK{Name: "f"})
		c.want(c.thanks())
		for _, name := range []string{"f", "g", "../f", ""} {
			c.send(&wire.CRCAbort{Name: name})
			c.want(c.thanks())
		}
		if _, err := f.stored(c.id, "f"); err != nil || f.verified(c.id, "f") != "1" {
			t.Errorf("file %v, verified %q", err, f.verified(c.id, "f"))
		}
	})
}

// CRC-8: only the client's own file, and one that was received.
func TestVerifyRefused(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		ada, grace := f.ready("Ada"), f.ready("Grace")
		ada.upload("f", pattern(10))
		ada.want(ada.received("f", pattern(10)))
		for _, tt := range []struct {
			name string
			id   wire.ID
			m    wire.Message
		}{
			{"a file that never came", ada.id, &wire.CRCOK{Name: "g"}},
			{"no name", ada.id, &wire.CRCOK{Name: ""}},
			{"a path", ada.id, &wire.CRCOK{Name: "../files/f"}},
			{"another's file", grace.id, &wire.CRCOK{Name: "f"}},
			{"an unknown client", wire.ID{9}, &wire.CRCOK{Name: "f"}},
			{"an unknown client gives up", wire.ID{9}, &wire.CRCAbort{Name: "f"}},
		} {
			t.Run(tt.name, func(t *testing.T) {
				c := f.in(t).dial()
				c.id = tt.id
				c.send(tt.m)
				c.wantRefusal()
			})
		}
		if got := f.verified(ada.id, "f"); got != "0" {
			t.Errorf("verified %q, want 0", got)
		}
	})
}

// CRC-3: 1030 is met with silence whoever sends it.
func TestBadFromAnybody(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		c := f.ready("Ada")
		c.send(&wire.CRCBad{Name: "never sent"})
		c.wantNothing()
		c.id = wire.ID{9}
		c.send(&wire.CRCBad{Name: "f"})
		c.wantNothing()
	})
}
