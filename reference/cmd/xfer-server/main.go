// Command xfer-server is the reference server of the protocol. It works in its
// working directory like any server under test: it reads port.info there, and
// keeps its database and the files of its clients there.
//
// It ends in order on SIGINT and SIGTERM, and at once on a second one. The exit
// status is 0 after that, 1 if it could not start, 2 for a wrong command line.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/xferspec/xferspec/reference/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second signal is not caught
	os.Exit(server.Main(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
