package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/explain"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

func explainCommand() *cobra.Command {
	var edition string
	cmd := &cobra.Command{
		Use:   "explain ID",
		Short: "Show what a clause or a case is about, and what usually causes it to fail",
		Long: `Show the text of a clause, why it is there, how binding it is in each edition,
the layout of the messages that it is about, what usually causes programs to
break it, with the idiom that is right in Python and C++, its cases, and how to
run just them. Likewise for a case.

ID may also be a group of clauses, or the code or the name of a message.`,
		Example: `  xferspec explain REG-6
  xferspec explain SRV-REG-04
  xferspec explain FRM
  xferspec explain 1026`,
		Args: func(_ *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				return errors.New("explain what? Name a clause (REG-6), a case (SRV-REG-04), a group (REG) or a message (1025); 'xferspec list' shows all")
			case 1:
				return nil
			}
			return errors.New("explain takes one id at a time")
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			ed, err := spec.LookupEdition(edition)
			if err != nil {
				return err
			}
			catalogue, err := conformance.ReadCatalogue()
			if err != nil {
				return exit(report.ExitFault, err)
			}
			x := &explain.Explainer{Catalogue: catalogue, Edition: ed}
			err = x.Write(cmd.OutOrStdout(), args[0])
			if _, unknown := errors.AsType[*explain.UnknownError](err); unknown {
				return err
			}
			return exit(report.ExitFault, err)
		},
	}
	cmd.Flags().StringVar(&edition, "edition", spec.DefaultEdition, "edition whose layouts and codes are shown")
	return cmd
}
