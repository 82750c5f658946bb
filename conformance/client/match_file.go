package client

import (
	"bytes"
	"encoding/hex"
	"fmt"

	gomegatypes "github.com/onsi/gomega/types"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec/wire"
)

// CountUp succeeds if the packets of a transfer have the numbers from 1 to
// their total, in that order.
func CountUp() gomegatypes.GomegaMatcher {
	return &judgement[peer.Received]{expected: "numbers packets from 1 to their total", look: func(t peer.Received) string {
		for i, packet := range t.Packets {
			if m := packet.Message.(*wire.File); int(m.Number) != i+1 || int(m.Total) < i+1 {
				conformance.PointOutField(packet, "packet number")
				return fmt.Sprintf("packet %d that it sends is number %d of %d", i+1, m.Number, m.Total)
			}
		}
		if total := int(t.First().Total); total != len(t.Packets) {
			return fmt.Sprintf("it sends %d packets of %d", len(t.Packets), total)
		}
		return ""
	}}
}

// FillPackets succeeds if no packet of a transfer is empty.
func FillPackets() gomegatypes.GomegaMatcher {
	return &judgement[peer.Received]{expected: "sends no packet without content", look: func(t peer.Received) string {
		for i, packet := range t.Packets {
			if len(packet.Message.(*wire.File).Content) == 0 {
				conformance.PointOutField(packet, "content size")
				return fmt.Sprintf("packet %d of %d has none: the others hold all %d bytes of the ciphertext", i+1, len(t.Packets), len(t.Cipher))
			}
		}
		return ""
	}}
}

// Bring succeeds if a transfer decrypts, as one chain under the key that was
// handed out, to a file.
func Bring(file []byte) gomegatypes.GomegaMatcher {
	return &judgement[peer.Received]{expected: fmt.Sprintf("sends a file of %d bytes, encrypted as one chain", len(file)), look: func(t peer.Received) string {
		switch {
		case t.Err != nil:
			return fmt.Sprintf("its %d bytes of ciphertext do not decrypt under the key handed out: %v", len(t.Cipher), t.Err)
		case bytes.Equal(t.Plain, file):
			return ""
		}
		at := 0
		for at < min(len(t.Plain), len(file)) && t.Plain[at] == file[at] {
			at++
		}
		return fmt.Sprintf("the ciphertext decrypts to %d bytes, the first wrong one at offset %d: %s instead of %s",
			len(t.Plain), at, excerpt(t.Plain, at), excerpt(file, at))
	}}
}

func excerpt(b []byte, at int) string {
	if at >= len(b) {
		return "the end"
	}
	return hex.EncodeToString(b[at:min(len(b), at+16)])
}
