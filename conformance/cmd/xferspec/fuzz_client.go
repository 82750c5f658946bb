package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/fuzz/client"
	"github.com/xferspec/xferspec/harness/target"
)

func fuzzClientCommand() *cobra.Command {
	var f fuzzFlags
	cmd := &cobra.Command{
		Use:   "client {--image NAME | --build FOLDER | [--dir FOLDER] -- COMMAND ARG…}",
		Short: "Look for mistakes of a client",
		Long: `Look for mistakes of a client. The harness is the server, and COMMAND is run
once for every conversation: as a new client or a returning one, with answers
that come slowly, refuse, state another checksum, end the connection, or are
malformed. Judged are its requests, its output, its files and its end.

The target is given as for 'xferspec test client'.`,
		Example: `  xferspec fuzz client --duration 5m -- ./my-client
  xferspec fuzz client --seed 7 --conversations 200 --dir my-client -- ./client`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 && !f.inContainer() {
				return errors.New("name the client: --image NAME, --build FOLDER, or -- COMMAND that runs it")
			}
			ed, err := f.check(cmd)
			if err != nil {
				return err
			}
			s, err := client.Open(cmd.Context(), ed, target.ClientConfig{
				Image: f.image, Build: f.build, Dir: f.folder(args), Command: args,
			}, f.timeScale)
			if err != nil {
				return fuzzError(err)
			}
			defer func() { _ = s.Close() }()
			return fuzzRun(cmd, &f, ed, "client "+f.targetName("", args), 0, s, client.Plan.Len)
		},
	}
	f.add(cmd.Flags())
	return cmd
}
