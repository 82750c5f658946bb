package wire

import "github.com/xferspec/xferspec/spec"

// KeyAccepted answers a public key with an AES key wrapped under it (KEY-2).
type KeyAccepted struct {
	Client  ID
	Wrapped []byte // RSAES-OAEP ciphertext, 128 bytes
}

// LoginAccepted answers a login with an AES key wrapped under the stored key (LGN-2).
type LoginAccepted struct {
	Client  ID
	Wrapped []byte // RSAES-OAEP ciphertext, 128 bytes
}

// Type returns spec.TypeKeyAccepted.
func (*KeyAccepted) Type() spec.MessageType { return spec.TypeKeyAccepted }

// Type returns spec.TypeLoginAccepted.
func (*LoginAccepted) Type() spec.MessageType { return spec.TypeLoginAccepted }

func (m *KeyAccepted) fields(_ *spec.Edition, v visitor) {
	v.id("client id", &m.Client)
	v.fixed("wrapped key", "KEY-2", &m.Wrapped, WrappedKeySize)
}

func (m *LoginAccepted) fields(_ *spec.Edition, v visitor) {
	v.id("client id", &m.Client)
	v.fixed("wrapped key", "LGN-2", &m.Wrapped, WrappedKeySize)
}
