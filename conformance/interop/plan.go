package interop

import (
	"fmt"
	"strings"

	"github.com/xferspec/xferspec/harness/fault"
	"github.com/xferspec/xferspec/spec"
)

// Plans for every edition, in the language of package fault.
const (
	SingleBytes = "faults: [{to: both, split: 1}]"
	OneKBps     = "faults: [{to: both, rate: 1024}]"
	LostThanks  = "faults: [{to: client, message: thanks, occurrence: 1, drop: true}]"
	WrongCksum  = "faults: [{to: client, message: file-received, occurrence: 1, cksum: {xor: 0xFFFFFFFF}}]"
	ResetAt500  = "faults: [{to: server, message: file, where: {packet number: 500}, occurrence: 1, reset: true}]"
)

// DamagedTransfers is a plan by which the beginning of a file arrives wrong in
// its first n transfers, far from the padding, so that only its checksum tells.
func DamagedTransfers(ed *spec.Edition, n int) string {
	where := ""
	if ed.PacketFields {
		where = "where: {packet number: 1}, "
	}
	return fmt.Sprintf("faults: [{to: server, message: file, %soccurrence: 1-%d, set: {field: content, value: '%s'}}]",
		where, n, strings.Repeat("00", 8))
}

// parsePlan reads a plan; "" changes nothing.
func parsePlan(plan string) (*fault.Plan, error) {
	if plan == "" {
		return &fault.Plan{}, nil
	}
	return fault.ParsePlan("fault plan", []byte(plan))
}
