package server_test

import (
	"bytes"
	"testing"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// LGN-3, LGN-4: everybody else is refused, with the id from the header.
func TestLoginRefuses(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		if !f.ed.Has(spec.TypeLogin) {
			c := f.dial()
			c.write(wire.RequestHeader{Version: 3, Code: 1102, Size: 0}.Append(nil))
			c.wantEnd() // a code like any other unknown one
			return
		}
		ada := f.ready("Ada")
		grace := f.dial().register("Grace")
		for _, tt := range []struct {
			name, as string
			id       wire.ID
		}{
			{"an unknown id", "Ada", wire.ID{1}},
			{"another's name", "Grace", ada.id},
			{"another's id", "Ada", grace.id},
			{"a name in other letters", "ada", ada.id},
			{"no name", "", ada.id},
			{"nobody", "", wire.ID{}},
			{"no public key", "Grace", grace.id},
		} {
			t.Run(tt.name, func(t *testing.T) {
				c := f.in(t).dial()
				c.id = tt.id
				c.send(&wire.Login{Name: tt.as})
				c.want(&wire.LoginRefused{Client: tt.id})
			})
		}
		ada.upload("f", pattern(10)) // its key still holds
		ada.want(ada.received("f", pattern(10)))
	})
}

// LGN-2, LGN-5, LGN-6.
func TestLoginAccepts(t *testing.T) {
	f := serve(t, edition(t, "2024a"), t.TempDir())
	c := f.ready("Ada")
	first := bytes.Clone(c.aes)
	if c.login(); bytes.Equal(c.aes, first) {
		t.Error("the login gives the old AES key again (LGN-6)")
	}
	other := f.dial().as(c)
	other.upload("f", pattern(100))
	other.want(c.received("f", pattern(100)))
}
