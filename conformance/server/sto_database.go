package server

import (
	"context"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec/wire"
)

// secondsApart is how long the case about STO-8 goes on asking: servers that
// note whole seconds show a later request only in the next one.
const secondsApart = 2500 * time.Millisecond

var _ = Describe("the database", Server, Local, Order(13), func() {
	It("has clients and files in an SQLite database", Case("SRV-STO-15", "STO-3"), func(ctx SpecContext) {
		name := fileName(ctx, "listed")
		c := verified(ctx, name, []byte("in the database"))
		var client, file bool
		see := func(rows []record) bool {
			client = slices.ContainsFunc(rows, func(r record) bool { return r.names(c.Name) })
			file = slices.ContainsFunc(rows, func(r record) bool { return r.names(name) })
			return client && file
		}
		if recorded(ctx, see) {
			return
		}
		restart(ctx) // it may write its database when it ends
		recorded(ctx, see)
		check(client, "a row with the client's name in an SQLite database", "none has %q", c.Name)
		check(file, "a row with the file's name in an SQLite database", "none has %q", name)
	})

	It("notes when it last saw a client", Case("SRV-STO-16", "STO-8"), func(ctx SpecContext) {
		name := fileName(ctx, "seen")
		c := verified(ctx, name, []byte("seen again"))
		var before []record
		recorded(ctx, func(rows []record) bool { before = about(rows, c); return len(before) > 0 })
		if len(before) == 0 {
			NotApplicable("no database in the server's folder has a row with the client's name or id")
		}
		changed := func(rows []record) bool { return !same(before, about(rows, c)) }
		deadline := time.Now().Add(secondsApart)
		for seen := false; !seen && time.Now().Before(deadline); {
			c = again(ctx, c)
			c.Exchange(&wire.CRCOK{Name: name}) // changes nothing but that: the file is verified
			seen = recorded(ctx, changed)
			if seen {
				return
			}
		}
		restart(ctx) // it may write its database when it ends
		check(recorded(ctx, changed), "another time in the client's row after a later request", "all its columns as they were")
	})
})

// about returns the rows that a client's name or id is in.
func about(rows []record, c *peer.Client) []record {
	return slices.DeleteFunc(slices.Clone(rows), func(r record) bool { return !r.names(c.Name) && !r.identifies(c.ID) })
}

func same(a, b []record) bool {
	return slices.EqualFunc(a, b, func(a, b record) bool { return a.table == b.table && slices.Equal(a.values, b.values) })
}

// snapshot returns the rows that name a file, by table, once there is one or
// the server has had its time.
func snapshot(ctx context.Context, name string) (rows map[string]record) {
	recorded(ctx, func(all []record) bool { rows = naming(all, name); return len(rows) > 0 })
	return rows
}
