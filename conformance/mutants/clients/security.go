package clients

import (
	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var securityRows = []row{
	{
		id: "crashes-on-wrong-size", clauses: "SEC-1", often: "when the payload of a response has another size than it should", about: "crashes",
		mutate: onResponses(func(c *conn, r *message.Message) {
			size, _ := wire.PayloadSize(c.process.edition, r.Type)
			if r.Type != spec.TypeUnknown && len(r.Bytes) != wire.ResponseHeaderSize+size {
				c.process.die()
			}
		}),
	},
	{
		id: "crashes-on-bad-key", clauses: "SEC-1", often: "when an AES key does not unwrap or has the wrong length", about: "crashes",
		mutate: onResponses(func(c *conn, r *message.Message) {
			if r.Field("wrapped key") != nil && c.aesKey() == nil {
				c.process.die()
			}
		}, spec.TypeKeyAccepted, spec.TypeLoginAccepted),
	},
	{
		id: "crashes-on-more", clauses: "SEC-1", often: "when two responses come together", about: "crashes",
		mutate: onResponses(func(c *conn, _ *message.Message) {
			if len(c.in) > 0 {
				c.process.die()
			}
		}),
	},
	{
		id: "private-key-after-nul", clauses: "SEC-2", often: "in 1026", about: "leaves its private exponent in memory that it sends, behind its name",
		mutate: onRequests(leakKey, spec.TypePublicKey),
	},
	{
		id: "private-key-after-nul-of-login", clauses: "SEC-2", often: returning, about: "leaves its private exponent in memory that it sends, behind its name",
		also: "CLT-SEC-23", alone: everyRun,
		mutate: onRequests(leakKey, spec.TypeLogin),
	},
	{
		id: "plaintext-after-nul", clauses: "SEC-2", often: always, about: "leaves the beginning of the file in memory that it sends, behind its name",
		also: "CLT-SEC-23", alone: everyRun,
		mutate: onRequests(leakFile, spec.TypeFile),
	},
	{
		id: "ignores-ids", clauses: "SEC-3", often: "when a response names another client", about: "does not look at the id",
		mutate: onResponses(func(c *conn, r *message.Message) {
			me := c.process.identity().Client
			copy(r.Field("client id"), me[:])
		}, spec.TypeKeyAccepted, spec.TypeLoginAccepted, spec.TypeFileReceived, spec.TypeThanks),
	},
	{
		id: "sends-under-any-key", clauses: "SEC-4", often: "when an AES key does not unwrap or has the wrong length", about: "sends the file under a key of zeros",
		mutate: onResponses(func(c *conn, r *message.Message) {
			if r.Field("wrapped key") != nil && c.aesKey() == nil {
				r.Bytes = append(r.Bytes[:0], c.grant()...)
			}
		}, spec.TypeKeyAccepted, spec.TypeLoginAccepted),
	},
}

// everyRun is why a mutant is run on nothing else than a case that looks at every run.
const everyRun = "what goes out in one of so many runs is looked for in all of them as it is"

func leakKey(c *conn, r *message.Message) {
	if key := c.process.privateKey(); key != nil {
		copy(r.Padding(), key.D.Bytes())
	}
}

func leakFile(c *conn, r *message.Message) { copy(r.Padding(), c.process.content()) }
