package servers

import (
	"os"

	"github.com/xferspec/xferspec/spec"
)

var errorRows = []row{
	{
		id: "exits-on-unknown-code", clauses: "ERR-4 ERR-1 ERR-6", often: always,
		about:  "ends when it gets a request with an unknown code",
		mutate: onRequests(func(*conn, *request) { os.Exit(1) }, spec.TypeUnknown),
	},
}
