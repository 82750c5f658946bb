package servers

import (
	"os"
	"slices"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// onRequests has a function look at every request of some types, or of all.
func onRequests(f func(c *conn, r *request), types ...spec.MessageType) mutation {
	return func(p *process) {
		p.connect = append(p.connect, func(c *conn) {
			c.onRequest = append(c.onRequest, func(c *conn, r *request) {
				if len(types) == 0 || slices.Contains(types, r.Type) {
					f(c, r)
				}
			})
		})
	}
}

// onResponses has a function look at every response of some types, or of all.
func onResponses(f func(c *conn, r *response), types ...spec.MessageType) mutation {
	return func(p *process) {
		p.connect = append(p.connect, func(c *conn) {
			c.onResponse = append(c.onResponse, func(c *conn, r *response) {
				if len(types) == 0 || r.is(types...) {
					f(c, r)
				}
			})
		})
	}
}

// all combines mutations.
func all(mutations ...mutation) mutation {
	return func(p *process) {
		for _, mutate := range mutations {
			mutate(p)
		}
	}
}

// each has a function look at every new connection.
func each(f func(c *conn)) mutation {
	return func(p *process) { p.connect = append(p.connect, f) }
}

// atStart has a function run before the reference opens the folder.
func atStart(f func(p *process)) mutation {
	return func(p *process) {
		p.start = func() error {
			f(p)
			return nil
		}
	}
}

// afterRestart has a function run before the reference opens the folder, unless
// this is the first start there.
func afterRestart(f func(p *process)) mutation {
	return atStart(func(p *process) {
		if p.restarted {
			f(p)
		}
	})
}

// refuse answers a request with 1607 in place of the reference.
func refuse(c *conn, r *request) {
	r.Skip = true
	r.end = func() { c.answer(&wire.GeneralError{}) }
}

// instead answers a request with any response in place of the reference.
func instead(c *conn, r *request, m wire.Message) {
	r.Skip = true
	r.end = func() { c.answer(m) }
}

// namesNobody puts an id of zeros into the responses of a type.
func namesNobody(t spec.MessageType) mutation {
	return onResponses(func(_ *conn, r *response) { clear(r.field("client id")) }, t)
}

// hangUp ends the connection from below: what the client has not read yet may be
// lost.
func hangUp(c *conn) { _ = c.Conn.Close() }

// exit ends the process as a crash does.
func exit(p *process, why string) {
	_, _ = p.stderr.Write([]byte(why + "\n"))
	os.Exit(1)
}
