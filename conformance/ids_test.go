package conformance_test

import (
	"testing"

	"github.com/xferspec/xferspec/conformance"
)

func TestSpelt(t *testing.T) {
	for written, want := range map[string]string{
		"SRV-KEY-07": "SRV-KEY-07", "srv-key-7": "SRV-KEY-07", "CLTFIL100": "CLT-FIL-100", "SRV-KEY-007": "SRV-KEY-07",
		"KEY-6": "KEY-6", "key06": "KEY-6", "Key-006": "KEY-6",
		"CLT-*": "CLT-*", "key": "key", "SRV-KEY-": "SRV-KEY-", "1026": "1026", "": "",
	} {
		if got := conformance.Spelt(written); got != want {
			t.Errorf("%q is spelt %q, want %q", written, got, want)
		}
	}
}

func TestSpeltKeepsTheIDsThatThereAre(t *testing.T) {
	for _, c := range catalogue(t) {
		for _, id := range []string{c.ID, c.Clauses[0].ID} {
			if got := conformance.Spelt(id); got != id {
				t.Errorf("%s is spelt %s", id, got)
			}
		}
	}
}
