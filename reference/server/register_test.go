package server_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/xferspec/xferspec/spec/wire"
)

func TestRegisterRefuses(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		c := f.ready("Ada")
		keys := f.query("SELECT hex(public_key) || hex(aes_key) FROM clients WHERE name = 'Ada'")
		for _, name := range []string{"Ada", ""} { // REG-6, REG-8
			c.send(&wire.Register{Name: name})
			c.want(&wire.RegistrationRefused{})
		}
		if got := f.query("SELECT count(*) FROM clients"); got != "1" {
			t.Errorf("%s clients, want 1", got)
		}
		if f.query("SELECT hex(public_key) || hex(aes_key) FROM clients WHERE id = ?", c.id[:]) != keys {
			t.Error("a refused registration changed the owner's keys (REG-6)")
		}
	})
}

// REG-2, REG-4, REG-7: every free name is a new client, whatever the header's id.
func TestRegisterAccepts(t *testing.T) {
	f := serve(t, edition(t, "2024a"), t.TempDir())
	c := f.dial()
	seen := map[wire.ID]bool{}
	for _, name := range []string{"Ada", "ada", "Ada ", " ", "../../x", "/x", strings.Repeat("x", 254), `a"b'c%`} {
		c.register(name) // with the id of the one before in its header
		if seen[c.id] || c.id == (wire.ID{}) {
			t.Errorf("%q: id %s is not new", name, c.id)
		}
		seen[c.id] = true
	}
}

// REG-9: of simultaneous registrations of one name, one succeeds.
func TestRegisterAtTheSameTime(t *testing.T) {
	f := serve(t, edition(t, "2024a"), t.TempDir())
	var clients []*client
	for range 16 {
		clients = append(clients, f.dial())
	}
	var wg sync.WaitGroup
	for _, c := range clients {
		wg.Go(func() { _, _ = c.conn.Write(c.encode(&wire.Register{Name: "Ada"})) })
	}
	wg.Wait()
	registered := 0
	for _, c := range clients {
		switch m := c.next().(type) {
		case *wire.Registered:
			registered++
		case *wire.RegistrationRefused:
		default:
			t.Errorf("answer %+v", m)
		}
	}
	if registered != 1 {
		t.Errorf("%d registrations of one name succeeded, want 1", registered)
	}
}

// FRM-9, FRM-11: what makes a text field good or bad.
func TestRegisterText(t *testing.T) {
	field := func(text string, padding byte) []byte {
		return append([]byte(text), bytes.Repeat([]byte{padding}, wire.TextSize-len(text))...)
	}
	tests := []struct {
		name  string
		field []byte
		good  bool
	}{
		{"stale memory after the NUL", field("Ada\x00", 'x'), true},
		{"254 bytes", field(strings.Repeat("x", 254), 0), true},
		{"no NUL", field("", 'x'), false},
		{"a newline", field("Ada\nEve", 0), false},
		{"DEL", field("Ada\x7f", 0), false},
		{"UTF-8", field("Adá", 0), false},
		{"escape", field("\x1b[2J", 0), false},
	}
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		want := 0
		for _, tt := range tests {
			c := f.dial()
			frame, err := wire.RequestFrame(f.ed, wire.ID{}, &wire.Register{})
			if err != nil {
				t.Fatal(err)
			}
			if err := frame.PutBytes("name", tt.field); err != nil {
				t.Fatal(err)
			}
			c.write(frame.Bytes)
			if !tt.good {
				c.wantRefusal()
				continue
			}
			want++
			if _, ok := c.next().(*wire.Registered); !ok {
				t.Errorf("%s: not registered", tt.name)
			}
		}
		if got := f.query("SELECT count(*) FROM clients"); got != string(rune('0'+want)) {
			t.Errorf("%s clients, want %d", got, want)
		}
	})
}
