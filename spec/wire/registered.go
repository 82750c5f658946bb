package wire

import "github.com/xferspec/xferspec/spec"

// Registered answers a registration with the new client's id (REG-3).
type Registered struct {
	Client ID
}

// RegistrationRefused answers a registration of a taken name (REG-6).
type RegistrationRefused struct{}

// Type returns spec.TypeRegistered.
func (*Registered) Type() spec.MessageType { return spec.TypeRegistered }

// Type returns spec.TypeRegistrationRefused.
func (*RegistrationRefused) Type() spec.MessageType { return spec.TypeRegistrationRefused }

func (m *Registered) fields(_ *spec.Edition, v visitor)        { v.id("client id", &m.Client) }
func (*RegistrationRefused) fields(_ *spec.Edition, _ visitor) {}
