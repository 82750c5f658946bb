package main

import (
	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/fuzz/server"
	"github.com/xferspec/xferspec/harness/target"
)

// renewServer is the number of conversations after which a server starts anew in
// a fresh folder, so that its files are few and quickly looked through.
const renewServer = 100

func fuzzServerCommand() *cobra.Command {
	var f fuzzFlags
	var addr string
	cmd := &cobra.Command{
		Use:   "server {--addr HOST:PORT | --image NAME | --build FOLDER | [--dir FOLDER] -- COMMAND ARG…}",
		Short: "Look for mistakes of a server",
		Long: `Look for mistakes of a server: conversations of several clients over several
connections, with files that are interrupted, resent and confirmed, restarts of
the server, and now and then a request that is wrong.

The target is given as for 'xferspec test server'. One that is known by its
address alone is neither restarted nor looked at for what it has stored.`,
		Example: `  xferspec fuzz server --duration 5m -- ./my-server
  xferspec fuzz server --addr 127.0.0.1:1256 --corpus conversations
  xferspec fuzz server --seed 7 --conversations 200 --dir my-server -- python3 main.py`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.checkServer(addr, args); err != nil {
				return err
			}
			ed, err := f.check(cmd)
			if err != nil {
				return err
			}
			s, err := server.Open(cmd.Context(), ed, target.ServerConfig{
				Addr: addr, Image: f.image, Build: f.build, Dir: f.folder(args), Command: args,
			}, f.timeScale)
			if err != nil {
				return fuzzError(err)
			}
			defer func() { _ = s.Close() }()
			return fuzzRun(cmd, &f, ed, "server "+f.targetName(addr, args), renewServer, s, func(c server.Conversation) int { return len(c) })
		},
	}
	f.add(cmd.Flags())
	cmd.Flags().StringVar(&addr, "addr", "", "address of a server that is running, HOST:PORT")
	return cmd
}
