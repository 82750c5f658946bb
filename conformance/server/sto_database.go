package server

import (
	"context"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/internal/storage"
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
		see := func(rows []storage.Record) bool {
			client = slices.ContainsFunc(rows, func(r storage.Record) bool { return r.Names(c.Name) })
			file = slices.ContainsFunc(rows, func(r storage.Record) bool { return r.Names(name) })
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
		var before []storage.Record
		recorded(ctx, func(rows []storage.Record) bool { before = about(rows, c); return len(before) > 0 })
		if len(before) == 0 {
			NotApplicable("no database in the server's folder has a row with the client's name or id")
		}
		changed := func(rows []storage.Record) bool { return !same(before, about(rows, c)) }
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
func about(rows []storage.Record, c *peer.Client) []storage.Record {
	return slices.DeleteFunc(slices.Clone(rows), func(r storage.Record) bool { return !r.Names(c.Name) && !r.Identifies(c.ID) })
}

func same(a, b []storage.Record) bool {
	return slices.EqualFunc(a, b, func(a, b storage.Record) bool { return a.Table == b.Table && slices.Equal(a.Values, b.Values) })
}

// snapshot returns the rows that name a file, by table, once there is one or
// the server has had its time.
func snapshot(ctx context.Context, name string) (rows map[string]storage.Record) {
	recorded(ctx, func(all []storage.Record) bool { rows = storage.Naming(all, name); return len(rows) > 0 })
	return rows
}

// recorded looks into the target's databases until see is content or the time
// is over. It ends the case where there is no database to be looked into.
func recorded(ctx context.Context, see func(rows []storage.Record) bool) bool {
	missing := false
	content := look(ctx, from(ctx).settle(), func(dir string) bool {
		rows, found := storage.Records(ctx, dir)
		missing = !found
		return missing || see(rows)
	})
	if missing {
		NotApplicable("there is no SQLite database in the server's folder")
	}
	return content
}
