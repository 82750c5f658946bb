// Command xfer-client is the reference client of the protocol. It works in its
// working directory like any client under test: it sends the file that
// transfer.info names there, and keeps me.info and priv.key beside it.
//
// The exit status is 0 only when the server has the file and its checksum is
// right, 2 for a wrong command line, 1 otherwise.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/xferspec/xferspec/reference/client"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second signal is not caught
	os.Exit(client.Main(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
