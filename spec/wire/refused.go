package wire

import "github.com/xferspec/xferspec/spec"

// LoginRefused answers a login that names no client with a stored key (LGN-3).
type LoginRefused struct {
	Client ID // from the request's header
}

// GeneralError refuses any request (ERR-1, ERR-2).
type GeneralError struct{}

// Type returns spec.TypeLoginRefused.
func (*LoginRefused) Type() spec.MessageType { return spec.TypeLoginRefused }

// Type returns spec.TypeError.
func (*GeneralError) Type() spec.MessageType { return spec.TypeError }

func (m *LoginRefused) fields(_ *spec.Edition, v visitor) { v.id("client id", &m.Client) }
func (*GeneralError) fields(_ *spec.Edition, _ visitor)   {}
