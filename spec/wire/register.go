package wire

import "github.com/xferspec/xferspec/spec"

// Register asks for a client id under a free name (REG-1).
type Register struct {
	Name string // at most 254 bytes of printable ASCII
}

// Type returns spec.TypeRegister.
func (*Register) Type() spec.MessageType { return spec.TypeRegister }

func (m *Register) fields(_ *spec.Edition, v visitor) {
	v.text("name", &m.Name)
}
