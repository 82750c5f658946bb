package server

import (
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("registration", Server, Order(1), func() {
	It("answers a free name with 1600 and an id", Case(caseRegister, "REG-3", "FRM-3"), Basic, func(ctx SpecContext) {
		r := connect(ctx).Register(from(ctx).newName())
		Expect(r).To(And(Answer(spec.TypeRegistered), Not(Carry("client id", wire.ID{}))))
	})

	It("gives every free name an id", Case("SRV-REG-10", "REG-3"), func(ctx SpecContext) {
		leave(ctx, registered(ctx))
		for range 8 {
			c := connect(ctx)
			Expect(c.Register(from(ctx).newName())).To(Answer(spec.TypeRegistered))
			leave(ctx, c)
		}
	})

	It("understands a registration whose header comes apart from its payload", Case(caseApart, "FRM-5"), Basic, func(ctx SpecContext) {
		leave(ctx, registered(ctx))
		const rounds = 5 // a server may happen to read both at once
		between := pace(ctx)
		for i := range rounds {
			c := connect(ctx)
			c.Cut = func(message []byte) [][]byte { return headerApart(c.Edition, message) }
			c.Between = between
			Expect(c.Register(from(ctx).newName())).To(Answer(spec.TypeRegistered), "try %d of %d", i+1, rounds)
			leave(ctx, c)
		}
	})

	It("answers a second request on one connection", Case(caseSecond, "FRM-6"), Basic, func(ctx SpecContext) {
		c := registered(ctx)
		Expect(c.Register(c.Name)).To(Answer(spec.TypeRegistrationRefused, spec.TypeRegistered, spec.TypeError))
	})

	It("ignores the client id in the header of a registration", Case("SRV-REG-02", "REG-2"), func(ctx SpecContext) {
		owner := registered(ctx)
		r := again(ctx, owner).Register(from(ctx).newName())
		Expect(r).To(And(Answer(spec.TypeRegistered), Not(Carry("client id", owner.ID))))
	})

	It("gives different clients different ids", Case("SRV-REG-03", "REG-4"), func(ctx SpecContext) {
		owners := map[wire.ID]string{}
		for range 8 {
			c := leave(ctx, registered(ctx))
			check(owners[c.ID] == "", "an id of its own for every client", "%q and %q both got %s", owners[c.ID], c.Name, c.ID)
			owners[c.ID] = c.Name
		}
	})

	It("refuses a taken name with 1601", Case(caseTaken, "REG-6"), Basic, func(ctx SpecContext) {
		owner := leave(ctx, registered(ctx))
		Expect(connect(ctx).Register(owner.Name)).To(Answer(spec.TypeRegistrationRefused))
	})

	for _, row := range []struct {
		id              string
		runners, rounds int
	}{
		{"SRV-REG-06", 4, 10},
		{"SRV-REG-11", 16, 4},
	} {
		It(fmt.Sprintf("lets one of %d simultaneous registrations of a name succeed", row.runners), Case(row.id, "REG-9"), func(ctx SpecContext) {
			leave(ctx, registered(ctx))
			var winners []int
			bad := 0
			for range row.rounds {
				n := race(ctx, from(ctx).newName(), row.runners)
				winners = append(winners, n)
				if n != 1 {
					bad++
				}
			}
			check(bad == 0, fmt.Sprintf("1 of %d gets an id, in all of %d rounds", row.runners, row.rounds), "another number in %d of them: %v", bad, winners)
		})
	}

	It("gives out ids that cannot be guessed from one another", Case("SRV-REG-07", "REG-5"), func(ctx SpecContext) {
		last := leave(ctx, registered(ctx)).ID
		for range 8 {
			next := leave(ctx, registered(ctx)).ID
			check(different(last, next) >= 6, "random ids, which differ in most of their bytes", "%s follows %s", next, last)
			last = next
		}
	})

	It("tells names apart that differ in case only", Case("SRV-REG-08", "REG-7"), func(ctx SpecContext) {
		owner := leave(ctx, registered(ctx))
		Expect(connect(ctx).Register(strings.ToUpper(owner.Name))).To(Answer(spec.TypeRegistered))
	})

	It("refuses the empty name with 1601", Case("SRV-REG-09", "REG-8"), func(ctx SpecContext) {
		leave(ctx, registered(ctx))
		Expect(connect(ctx).Register("")).To(Answer(spec.TypeRegistrationRefused))
	})
})

var _ = Describe("a refused registration", Server, Order(6), func() {
	It("leaves the owner of a name alone when another asks for it", Case("SRV-REG-05", "REG-6", "ERR-5"), func(ctx SpecContext) {
		owner := leave(ctx, sender(ctx, caseTaken))
		other := connect(ctx)
		other.Register(owner.Name) // that it is refused is another case's concern
		leave(ctx, other)
		expectFile(again(ctx, owner))
	})
})

// race registers a name on n connections at once and returns how many got an
// id: all wait for one last byte, and the last bytes are sent in a row.
func race(ctx SpecContext, name string, n int) (winners int) {
	var runners []*peer.Client
	for range n {
		c := connect(ctx)
		b := c.Encode(&wire.Register{Name: name})
		c.SendBytes(b[:len(b)-1])
		runners = append(runners, c)
	}
	for _, c := range runners {
		c.SendMore([]byte{0})
	}
	for _, c := range runners {
		r := c.Receive()
		Expect(r).To(Process(spec.TypeRegistered, spec.TypeRegistrationRefused))
		if r.Type() == spec.TypeRegistered {
			winners++
		}
		leave(ctx, c)
	}
	return winners
}

// different returns the number of bytes in which two ids differ.
func different(a, b wire.ID) (n int) {
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}
