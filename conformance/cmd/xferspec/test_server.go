package main

import (
	"errors"
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/server"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
)

func testServerCommand() *cobra.Command {
	var f testFlags
	var addr string
	cmd := &cobra.Command{
		Use:   "server {--addr HOST:PORT | --image NAME | --build FOLDER | [--dir FOLDER] -- COMMAND ARG…}",
		Short: "Test a server, by its address, its container or the command that starts it",
		Long: `Test a server.

By an address only what is on the wire can be judged. By a command also files
and restarts are: COMMAND is started in a copy of the folder, where port.info
tells it the port; a server that does not read port.info is told by {port} in
an ARG. A container is started likewise, with port.info in its working directory.`,
		Example: `  xferspec test server --addr 127.0.0.1:1256
  xferspec test server --dir my-server -- python3 main.py
  xferspec test server --build my-server
  xferspec test server --clause REG-6 -- ./server --port {port}`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.checkServer(addr, args); err != nil {
				return err
			}
			away, err := f.make(cmd.Context())
			if err != nil {
				return err
			}
			defer away()
			plan, err := f.plan(spec.Server, addr, args)
			if err != nil {
				return err
			}
			view := newView(cmd, plan, f)
			if n := min(f.jobs, len(plan.runnable())); n > 1 && addr == "" && !f.worker {
				r, err := plan.share(cmd.Context(), n, f.workerArgs("server", args), view.Done)
				return view.finish(r, err)
			}
			r, err := server.Run(cmd.Context(), server.Config{
				Edition: plan.edition, Plan: plan.cases, Strict: f.strict, TimeScale: f.timeScale, Evidence: plan.evidence, Stop: plan.brake.Reason, Done: view.Done,
				Target: target.ServerConfig{Addr: addr, Image: f.image, Build: f.build, Dir: f.folder(args), Command: args, Box: f.box.Box},
			})
			return view.finish(r, err)
		},
	}
	f.add(cmd.Flags())
	cmd.Flags().StringVar(&addr, "addr", "", "address of a server that is running, HOST:PORT")
	return cmd
}

func (f *testFlags) checkServer(addr string, command []string) error {
	switch {
	case addr == "" && len(command) == 0 && !f.inContainer():
		return errors.New("name the server: --addr HOST:PORT, --image NAME, --build FOLDER, or -- COMMAND that starts it")
	case addr != "" && (len(command) > 0 || f.dir != "" || f.inContainer()):
		return errors.New("--addr tests a server that is running: it goes with neither COMMAND nor --dir nor a container")
	case addr != "":
		if _, _, err := net.SplitHostPort(addr); err != nil {
			return fmt.Errorf("--addr %q is not HOST:PORT: %w", addr, err)
		}
	}
	return nil
}
