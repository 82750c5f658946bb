package wire

import "github.com/xferspec/xferspec/spec"

// PublicKey hands over the key under which the server wraps the AES key (KEY-1).
type PublicKey struct {
	Name string // as registered
	Key  []byte // DER SubjectPublicKeyInfo, exactly 160 bytes
}

// Type returns spec.TypePublicKey.
func (*PublicKey) Type() spec.MessageType { return spec.TypePublicKey }

func (m *PublicKey) fields(_ *spec.Edition, v visitor) {
	v.text("name", &m.Name)
	v.fixed("public key", "KEY-1", &m.Key, PublicKeySize)
}
