package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/mutants"
	"github.com/xferspec/xferspec/conformance/mutants/clients"
	"github.com/xferspec/xferspec/conformance/mutants/servers"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// allMutants and allVariations are the tables of both roles.
func allMutants() []mutants.Mutant { return slices.Concat(servers.Mutants(), clients.Mutants()) }

func allVariations() []mutants.Variation {
	return slices.Concat(servers.Variations(), clients.Variations())
}

// mutantCommand runs a mutant or a variation as a program of its own, for selftest
// and for whoever wants to look at one.
func mutantCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "mutant", Short: "Run a mutant or a variation of the reference", Hidden: true, Args: cobra.NoArgs, RunE: showHelp,
	}
	for _, role := range []spec.Role{spec.Server, spec.Client} {
		cmd.AddCommand(&cobra.Command{
			Use:                role.String() + " NAME",
			DisableFlagParsing: true,
			RunE: func(cmd *cobra.Command, args []string) error {
				if len(args) == 0 {
					return fmt.Errorf("name a mutant or a variation: 'xferspec selftest --list' has them all")
				}
				main, err := lookupProgram(role, args[0])
				if err != nil {
					return err
				}
				if status := main(cmd.Context(), args[1:], cmd.OutOrStdout(), cmd.ErrOrStderr()); status != report.ExitConformant {
					return &exitError{status: status}
				}
				return nil
			},
		})
	}
	return cmd
}

// lookupProgram finds a mutant or a variation.
func lookupProgram(role spec.Role, id string) (mutants.Program, error) {
	all, variations := allMutants(), allVariations()
	if i := slices.IndexFunc(all, func(m mutants.Mutant) bool { return m.Role == role && m.ID == id }); i >= 0 {
		return all[i].Main, nil
	}
	if i := slices.IndexFunc(variations, func(v mutants.Variation) bool { return v.Role == role && v.ID == id }); i >= 0 {
		return variations[i].Main, nil
	}
	return nil, fmt.Errorf("unknown %s mutant %q: 'xferspec selftest --list' has them all", role, id)
}
