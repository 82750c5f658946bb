package servers

import (
	"slices"

	"github.com/xferspec/xferspec/spec"
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
