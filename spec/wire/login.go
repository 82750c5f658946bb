package wire

import "github.com/xferspec/xferspec/spec"

// Login asks a server that has the public key already for a fresh AES key (LGN-1).
type Login struct {
	Name string // as registered
}

// Type returns spec.TypeLogin.
func (*Login) Type() spec.MessageType { return spec.TypeLogin }

func (m *Login) fields(_ *spec.Edition, v visitor) {
	v.text("name", &m.Name)
}
