package wire

import "github.com/xferspec/xferspec/spec"

// Thanks ends a transfer, verified or given up (CRC-2, CRC-4).
type Thanks struct {
	Client ID // not sent in editions whose thanks is empty
}

// Type returns spec.TypeThanks.
func (*Thanks) Type() spec.MessageType { return spec.TypeThanks }

func (m *Thanks) fields(ed *spec.Edition, v visitor) {
	if !ed.EmptyThanks {
		v.id("client id", &m.Client)
	}
}
