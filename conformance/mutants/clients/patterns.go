package clients

import (
	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/spec"
)

// onRequests has a function look at every request of some types, or of all.
func onRequests(f func(c *conn, r *message.Message), types ...spec.MessageType) mutation {
	return onConnections(func(c *conn) { c.onRequest = append(c.onRequest, only(f, types)) })
}

// onResponses has a function look at every response of some types, or of all.
func onResponses(f func(c *conn, r *message.Message), types ...spec.MessageType) mutation {
	return onConnections(func(c *conn) { c.onResponse = append(c.onResponse, only(f, types)) })
}

// onEnds has a function run when the server has ended a connection that the
// reference still uses.
func onEnds(f func(c *conn, err error)) mutation {
	return onConnections(func(c *conn) { c.onEnd = append(c.onEnd, f) })
}

func onConnections(f func(c *conn)) mutation {
	return func(p *process) { p.connect = append(p.connect, f) }
}

func only(f func(c *conn, r *message.Message), types []spec.MessageType) func(c *conn, r *message.Message) {
	return func(c *conn, r *message.Message) {
		if len(types) == 0 || r.Is(types...) {
			f(c, r)
		}
	}
}

// onErrors has a function look at every error response, with its number among
// those to the same request, from 1.
func onErrors(f func(c *conn, r *message.Message, nth int)) mutation {
	return onConnections(func(c *conn) {
		nth := 0
		c.onResponse = append(c.onResponse, func(c *conn, r *message.Message) {
			if !r.Is(spec.TypeError, spec.TypeRegistrationRefused) {
				nth = 0
				return
			}
			nth++
			f(c, r, nth)
		})
	})
}

// all makes one mutation of several.
func all(mutations ...mutation) mutation {
	return func(p *process) {
		for _, mutate := range mutations {
			mutate(p)
		}
	}
}

// whenReturning makes a mutation of a client that begins with a me.info.
func whenReturning(mutate mutation) mutation {
	return func(p *process) {
		if p.returning {
			mutate(p)
		}
	}
}

// beforehand has a function run before the reference does.
func beforehand(f func(p *process)) mutation {
	return func(p *process) { p.before = append(p.before, func() { f(p) }) }
}

// afterwards has a function run when the reference has ended.
func afterwards(f func(p *process, err error)) mutation {
	return func(p *process) { p.after = append(p.after, func(err error) { f(p, err) }) }
}

// onRegistering has a function run when the reference has ended and left a new
// me.info and priv.key.
func onRegistering(f func(p *process)) mutation {
	return func(p *process) { p.registered = append(p.registered, func() { f(p) }) }
}

// ending changes what the user is told in the end, and the exit status.
func ending(change func(err error, text string, status int) (string, int)) mutation {
	return func(p *process) {
		before := p.verdict
		p.verdict = func(err error) (string, int) {
			text, status := before(err)
			return change(err, text, status)
		}
	}
}
