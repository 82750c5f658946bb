package server

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/internal/storage"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Which files count as verified is the server's own affair but for the database
// that STO-3 lays down. So it is looked up there, and only where it is clear
// which column says it: one that is called so, or the only one in the file's
// row that a 1029 has changed.
var _ = Describe("what counts as verified", Server, Local, Order(13), func() {
	It("does not count a file as verified before 1029 has come for it", Case("SRV-CRC-20", "CRC-8"), func(ctx SpecContext) {
		name := fileName(ctx, "verify")
		c := stored(ctx, name, []byte("right"))
		before := snapshot(ctx, name)
		for _, r := range before {
			if i := r.VerifiedColumn(); i >= 0 {
				check(!storage.IsTrue(r.Values[i]), "a file that does not count as verified before 1029",
					"in %s the column %s of its row is %q", r.Table, r.Columns[i], r.Values[i])
			}
		}
		if m := learn(ctx, c, name, before); m.table == "" {
			NotApplicable("it does not show in a database whether a file is verified")
		}
	})

	for _, row := range []struct {
		id, what string
		instead  func(ctx SpecContext, c *peer.Client, name string)
	}{
		{"SRV-CRC-21", "1030", func(ctx SpecContext, c *peer.Client, name string) {
			c.Send(&wire.CRCBad{Name: name})
			hangUp(c) // by its end it has been read
		}},
		{"SRV-CRC-22", "1031", func(_ SpecContext, c *peer.Client, name string) {
			c.Exchange(&wire.CRCAbort{Name: name})
		}},
		{"SRV-CRC-23", "1029 for another file of the client", func(ctx SpecContext, c *peer.Client, _ string) {
			other := fileName(ctx, "other")
			sent(ctx, c, other, []byte("another file"))
			c.Exchange(&wire.CRCOK{Name: other})
		}},
		{"SRV-CRC-24", "another client's 1029 for that name", func(ctx SpecContext, c *peer.Client, name string) {
			leave(ctx, c)
			keyed(ctx).Exchange(&wire.CRCOK{Name: name})
		}},
	} {
		It("does not count a file as verified after "+row.what, Case(row.id, "CRC-8"), func(ctx SpecContext) {
			known, name := fileName(ctx, "known"), fileName(ctx, "unverified")
			c := stored(ctx, known, []byte("right"))
			m := learn(ctx, c, known, snapshot(ctx, known))
			if m.column == "" {
				NotApplicable("it does not show in a database which column says whether a file is verified")
			}
			c = again(ctx, c)
			sent(ctx, c, name, []byte("not verified"))
			if len(snapshot(ctx, name)) == 0 {
				return // it is not even listed
			}
			row.instead(ctx, c, name)
			var r storage.Record // stays empty if the row is gone
			recorded(ctx, func(rows []storage.Record) bool { r = storage.Naming(rows, name)[m.table]; return true })
			if i := slices.Index(r.Columns, m.column); i >= 0 {
				check(r.Values[i] != m.verified, "a file that does not count as verified",
					"in %s the column %s of its row is %q, as in that of a verified one", m.table, m.column, m.verified)
			}
		})
	}
})

// mark is how a database says that a file is verified.
type mark struct{ table, column, verified string }

// learn sends 1029 for a file and finds out what that changes in its row. The
// mark has no column if it is not clear which one is meant, and no table if
// there is none in which anything has changed.
func learn(ctx context.Context, c *peer.Client, name string, before map[string]storage.Record) (m mark) {
	GinkgoHelper()
	r := c.Exchange(&wire.CRCOK{Name: name})
	from(ctx).ledger.Need(r.Type() == spec.TypeThanks, caseThanks, "get thanks for a right checksum", r)
	var marks []mark
	recorded(ctx, func(rows []storage.Record) bool {
		marks = nil
		for table, after := range storage.Naming(rows, name) {
			if found, changed := compare(before[table], after); changed {
				marks = append(marks, found)
			}
		}
		return len(marks) > 0
	})
	if len(marks) != 1 {
		return mark{}
	}
	return marks[0]
}

// compare returns what says in a row that a file is verified, and whether
// anything has changed at all. A row that was not there before has changed.
func compare(before, after storage.Record) (m mark, changed bool) {
	m.table = after.Table
	if before.Table == "" {
		return m, true
	}
	var columns []int
	for i := range after.Values {
		if i >= len(before.Values) || before.Values[i] != after.Values[i] {
			columns = append(columns, i)
		}
	}
	column := after.VerifiedColumn()
	if column < 0 && len(columns) == 1 {
		column = columns[0]
	}
	if slices.Contains(columns, column) {
		m.column, m.verified = after.Columns[column], after.Values[column]
	}
	return m, len(columns) > 0
}
