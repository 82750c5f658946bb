package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/client"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
)

func testClientCommand() *cobra.Command {
	var f testFlags
	cmd := &cobra.Command{
		Use:   "client {--image NAME | --build FOLDER | [--dir FOLDER] -- COMMAND ARG…}",
		Short: "Test a client, by its container or the command that runs it once",
		Long: `Test a client.

The harness is the server. COMMAND is run many times, each time in a fresh copy
of the folder with the transfer.info, me.info, priv.key and file of a scenario.`,
		Example: `  xferspec test client --dir my-client -- ./client
  xferspec test client --case CLT-REG-01 --dir my-client -- ./client`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 && !f.inContainer() {
				return errors.New("name the client: --image NAME, --build FOLDER, or -- COMMAND that runs it")
			}
			away, err := f.make(cmd.Context())
			if err != nil {
				return err
			}
			defer away()
			plan, err := f.plan(spec.Client, "", args)
			if err != nil {
				return err
			}
			view := newView(cmd, plan, f)
			r, err := client.Run(cmd.Context(), client.Config{
				Edition: plan.edition, Plan: plan.cases, Strict: f.strict, TimeScale: f.timeScale, Jobs: f.jobs, Evidence: plan.evidence, Stop: plan.brake.Reason, Done: view.Done,
				Target: target.ClientConfig{Image: f.image, Build: f.build, Dir: f.folder(args), Command: args, Box: f.box.Box},
			})
			return view.finish(r, err)
		},
	}
	f.add(cmd.Flags())
	return cmd
}
