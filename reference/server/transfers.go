package server

import (
	"slices"

	"github.com/xferspec/xferspec/spec/wire"
)

// transfers are those of one connection (FIL-18), at most maxTransfers, the one
// with the latest packet first.
type transfers []*transfer

// find returns the transfer of a client's file and puts it first, or returns nil.
func (ts transfers) find(client wire.ID, name string) *transfer {
	for i, t := range ts {
		if t.client == client && t.name == name {
			copy(ts[1:], ts[:i])
			ts[0] = t
			return t
		}
	}
	return nil
}

// add puts a transfer first. If there are too many, the one longest without a
// packet gives way.
func (ts *transfers) add(t *transfer) {
	if len(*ts) == maxTransfers {
		ts.drop((*ts)[maxTransfers-1])
	}
	*ts = slices.Insert(*ts, 0, t)
}

// drop ends a transfer; nil is none.
func (ts *transfers) drop(t *transfer) {
	if i := slices.Index(*ts, t); i >= 0 {
		*ts = slices.Delete(*ts, i, i+1)
		t.discard()
	}
}

// dropAll ends all transfers.
func (ts *transfers) dropAll() {
	for _, t := range *ts {
		t.discard()
	}
	*ts = nil
}

// receiving says whether any was not refused.
func (ts transfers) receiving() bool {
	return slices.ContainsFunc(ts, func(t *transfer) bool { return !t.refused })
}
