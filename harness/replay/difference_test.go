package replay_test

import (
	"strings"
	"testing"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/replay"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// set changes bytes of an answer.
func set(offset int, value ...byte) func([]byte) []byte {
	return func(b []byte) []byte {
		copy(b[offset:], value)
		return b
	}
}

// TestDifferences replays a conversation on servers that answer one thing otherwise.
func TestDifferences(t *testing.T) {
	ed := edition(t, spec.DefaultEdition)
	var secrets *trace.Secrets
	tr := record(t, ed, listen(t, ed, peer.Script{}).Addr(), func(c *peer.Client) {
		introduce(t, c)
		c.SendFile("a.bin", plain)
		c.Exchange(&wire.CRCOK{Name: "a.bin"})
		secrets = secretsOf(t, c)
	})
	twice := func(b []byte) []byte { return append(b, b...) }
	for _, tt := range []struct {
		name      string
		on        spec.MessageType
		do        peer.Action
		want      replay.Difference // Recorded and Received contain these
		impatient bool
	}{
		{"version", spec.TypeRegister, peer.Change(spec.TypeRegistered, set(0, 2)),
			replay.Difference{1, "1600 registered", "version", 0, "3", "2"}, false},
		{"refused", spec.TypePublicKey, peer.Refuse,
			replay.Difference{2, "1602 key-accepted", "code", 1, "1602 key-accepted", "1607 error"}, false},
		{"another id", spec.TypePublicKey, peer.Change(spec.TypeKeyAccepted, set(10, 1, 2, 3, 4)),
			replay.Difference{2, "1602 key-accepted", "client id", 7, "", "01020304"}, false},
		{"another key", spec.TypePublicKey, peer.Change(spec.TypeKeyAccepted, set(100, 1, 2, 3, 4)),
			replay.Difference{2, "1602 key-accepted", "wrapped key", 23, "a key", "SEC-4"}, false},
		{"wrong checksum", spec.TypeFile, peer.WrongCksum,
			replay.Difference{3, "1603 file-received", "cksum", 282, "", ""}, false},
		{"another name", spec.TypeFile, peer.Change(spec.TypeFileReceived, set(28, 'X')),
			replay.Difference{3, "1603 file-received", "file name", 28, `"a.bin"`, `"aXbin"`}, false},
		{"padding", spec.TypeFile, peer.Change(spec.TypeFileReceived, set(100, 0xaa)),
			replay.Difference{3, "1603 file-received", "file name", 100, "00 00", "aa 00"}, false},
		{"another content size", spec.TypeFile, peer.Change(spec.TypeFileReceived, set(23, 0, 1)),
			replay.Difference{3, "1603 file-received", "content size", 23, "3216", "256"}, false},
		{"another payload size", spec.TypeCRCOK, peer.Change(spec.TypeThanks, set(3, 0xff)),
			replay.Difference{4, "1604 thanks", "payload size", 3, "16", "255"}, true},
		{"a huge payload size", spec.TypeCRCOK, peer.Change(spec.TypeThanks, set(3, 0xff, 0xff, 0xff, 0xff)),
			replay.Difference{4, "1604 thanks", "payload size", 3, "16", "4294967295"}, false},
		{"no answer", spec.TypeFile, peer.Hush,
			replay.Difference{3, "1603 file-received", "", 0, "286 bytes", "nothing comes within"}, true},
		{"half an answer", spec.TypeFile, peer.Change(spec.TypeFileReceived, func(b []byte) []byte { return b[:9] }),
			replay.Difference{3, "1603 file-received", "", 0, "286 bytes", "after 9 bytes of a response"}, true},
		{"a close", spec.TypeFile, peer.HangUp,
			replay.Difference{3, "1603 file-received", "", 0, "286 bytes", "the server closes the connection"}, false},
		{"a reset", spec.TypeFile, peer.HangUpHard,
			replay.Difference{3, "1603 file-received", "", 0, "286 bytes", "the server resets the connection"}, false},
		{"an answer too many", spec.TypePublicKey, peer.Change(spec.TypeKeyAccepted, twice),
			replay.Difference{3, "1603 file-received", "code", 1, "1603 file-received", "1602 key-accepted"}, false},
		{"junk at the end", spec.TypeCRCOK, peer.Change(spec.TypeThanks, func(b []byte) []byte { return append(b, "no response"...) }),
			replay.Difference{5, "", "", 0, "the server ended the connection", "bytes that are no response: 6e 6f 20"}, false},
		{"part of an answer at the end", spec.TypeCRCOK, peer.Change(spec.TypeThanks, func(b []byte) []byte { return append(b, 3, 0x44) }),
			replay.Difference{5, "", "", 0, "the server ended the connection", "2 bytes that are no response"}, false},
		{"an answer too many at the end", spec.TypeCRCOK, peer.Change(spec.TypeThanks, twice),
			replay.Difference{5, "", "", 0, "the server ended the connection", "1604 thanks"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			keyed := *tr
			keyed.Secrets = secrets
			rule := peer.Rule{On: tt.on, From: 1, Do: tt.do}
			o := replay.Options{Edition: ed, Addr: listen(t, ed, peer.Script{Rules: []peer.Rule{rule}}).Addr()}
			if tt.impatient {
				o.Timeout = impatience
			}
			r, steps := run(t, &keyed, o)
			d := r.Difference
			if d == nil {
				t.Fatalf("the same\n%s", steps)
			}
			if d.Response != tt.want.Response || d.Message != tt.want.Message || d.Field != tt.want.Field || d.Offset != tt.want.Offset ||
				!strings.Contains(d.Recorded, tt.want.Recorded) || !strings.Contains(d.Received, tt.want.Received) {
				t.Errorf("got  %+v\nwant %+v", *d, tt.want)
			}
		})
	}
}

// TestServersThatDoNotEnd are different where the end was recorded.
func TestServersThatDoNotEnd(t *testing.T) {
	t.Parallel()
	ed := edition(t, spec.DefaultEdition)
	hangUp := peer.Script{Rules: []peer.Rule{{On: spec.TypeRegister, From: 1, Do: peer.HangUp}}}
	tr := record(t, ed, listen(t, ed, hangUp).Addr(), func(c *peer.Client) { c.Register("Ada") })
	if r, steps := run(t, tr, replay.Options{Edition: ed, Addr: listen(t, ed, hangUp).Addr()}); r.Difference != nil || r.Compared != 1 {
		t.Errorf("the same end: %v, %d compared\n%s", r.Difference, r.Compared, steps)
	}
	hush := peer.Script{Rules: []peer.Rule{{On: spec.TypeRegister, From: 1, Do: peer.Hush}}}
	for name, script := range map[string]peer.Script{"nothing comes": hush, "1600 registered": {}} {
		r, steps := run(t, tr, replay.Options{Edition: ed, Addr: listen(t, ed, script).Addr(), Timeout: impatience})
		if r.Difference == nil || !strings.Contains(r.Difference.Received, name) {
			t.Errorf("%s: %v\n%s", name, r.Difference, steps)
		}
	}
}

func TestDifferenceAsText(t *testing.T) {
	d := &replay.Difference{3, "1603 file-received", "cksum", 282, "1", "2"}
	if got, want := d.String(), "response 3, 1603 file-received: cksum at byte 282\n    recorded: 1\n    now:      2"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	d = &replay.Difference{Response: 5, Recorded: "nothing more", Received: "1604 thanks"}
	if got, want := d.String(), "response 5\n    recorded: nothing more\n    now:      1604 thanks"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
