package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/project"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// schemaName is the JSON Schema that init writes beside the configuration.
const schemaName = "xferspec.schema.json"

type initFlags struct {
	role, edition string
	force, schema bool
}

func initCommand() *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init [FOLDER]",
		Short: "Write the xferspec.yaml of a folder with a server, a client or both",
		Long: `Look at a folder, or at this one: which program in it is the server and which the
client, in which edition, how it is made and how it is run. Write that into
xferspec.yaml, which 'xferspec test' reads, and say what is missing.

It knows Python, CMake, Visual Studio, a Dockerfile and a program that is ready.
What is found is told by the text: whoever reads port.info or listens is a server,
whoever reads transfer.info or connects is a client. Nothing of the folder is run.`,
		Example: `  xferspec init
  xferspec init --schema my-server
  xferspec init --role client`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			folder := append(args, ".")[0]
			return f.run(cmd.Context(), cmd.OutOrStdout(), folder)
		},
	}
	cmd.Flags().BoolVar(&f.force, "force", false, "write over an xferspec.yaml that is there")
	cmd.Flags().StringVar(&f.role, "role", "", "what is in the folder, where nothing there tells: server or client")
	cmd.Flags().StringVar(&f.edition, "edition", "", "edition of the protocol (default: the one whose codes are in the program)")
	cmd.Flags().BoolVar(&f.schema, "schema", false, "write also "+schemaName+", for editors that have no network")
	return cmd
}

func (f *initFlags) run(ctx context.Context, w io.Writer, folder string) error {
	path := filepath.Join(folder, config.Name)
	if _, err := os.Lstat(path); err == nil && !f.force {
		return fmt.Errorf("%s is there already: 'xferspec init --force' writes over it", path)
	}
	p, err := f.look(ctx, folder)
	if err != nil {
		return err
	}
	edition := f.edition
	if edition == "" {
		edition = p.Edition()
	} else if _, err := spec.LookupEdition(edition); err != nil {
		return err
	}
	edition = spec.EditionName(edition)
	schema := project.SchemaURL
	if f.schema {
		schema = schemaName
	}
	text, err := p.Config(edition, schema, latestRequirements())
	if err != nil {
		return exit(report.ExitFault, fmt.Errorf("what init would write is wrong: %w", err))
	}
	if err := f.write(path, text); err != nil {
		return err
	}
	fmt.Fprintf(w, "wrote %s, edition %s\n\n", path, edition)
	for _, found := range []*project.Candidate{p.Server, p.Client} {
		if found != nil {
			fmt.Fprintf(w, "  %-8s %s (%s): it %s\n", found.Role, found.What, found.Kind, strings.Join(found.Why, ", "))
			for _, note := range found.Notes {
				fmt.Fprintf(w, "  note     %s\n", note)
			}
		}
	}
	for _, doubt := range p.Doubts {
		fmt.Fprintf(w, "  unsure   %s\n", doubt)
	}
	return f.next(ctx, w, folder, text, p)
}

// look looks at the folder. Nothing that can be tested is wrong usage.
func (f *initFlags) look(ctx context.Context, folder string) (*project.Project, error) {
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s is no folder: name the one with the implementation", folder)
	}
	var p *project.Project
	var err error
	machine, files := project.Onlooker(folder), os.DirFS(folder)
	switch f.role {
	case "":
		p, err = project.Look(ctx, files, machine)
	case spec.Server.String():
		p, err = project.Assume(ctx, files, machine, spec.Server)
	case spec.Client.String():
		p, err = project.Assume(ctx, files, machine, spec.Client)
	default:
		return nil, fmt.Errorf("--role %q is neither server nor client", f.role)
	}
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%s may not be read: chmod u+rx %s", folder, folder)
	case err != nil:
		return nil, fmt.Errorf("look at %s: %w", folder, err)
	case p.Server != nil || p.Client != nil:
		return p, nil
	case len(p.Doubts) > 0:
		return nil, errors.New(strings.Join(p.Doubts, "\n"))
	}
	return nil, fmt.Errorf("nothing in %s looks like a server or a client (Python, CMake, Visual Studio, Dockerfile, program): "+
		"test it with 'xferspec test server --dir FOLDER -- COMMAND', or name the folder with the implementation", folderInWords(folder))
}

func folderInWords(folder string) string {
	if folder == "." {
		return "this folder"
	}
	return folder
}

func (f *initFlags) write(path string, text []byte) error {
	if f.schema {
		schema, err := config.JSONSchema()
		if err != nil {
			return exit(report.ExitFault, err)
		}
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), schemaName), schema, 0o644); err != nil { //nolint:gosec // for whoever reads the project
			return err
		}
	}
	return os.WriteFile(path, text, 0o644) //nolint:gosec // likewise
}

// next says what is missing, and the command that comes next.
func (f *initFlags) next(ctx context.Context, w io.Writer, folder string, text []byte, p *project.Project) error {
	file, err := config.Parse(config.Name, text)
	if err != nil {
		return exit(report.ExitFault, err)
	}
	there := ""
	if folder != "." {
		there = "cd " + quoteWord(folder) + " && "
	}
	command := "xferspec test"
	err = inFolder(folder, func() error {
		for _, finding := range project.Check(ctx, file, p, project.Onlooker(".")) {
			if !finding.OK {
				fmt.Fprintf(w, "  missing  %s: %s\n", finding.What, finding.Detail)
				command = "xferspec doctor"
			}
		}
		return nil
	})
	fmt.Fprintf(w, "\nnext: %s%s\n", there, command)
	return err
}

// inFolder does something with another working directory: that is what the paths
// of its xferspec.yaml mean.
func inFolder(folder string, do func() error) error {
	here, err := os.Getwd()
	if err == nil {
		err = os.Chdir(folder)
	}
	if err != nil {
		return err
	}
	return errors.Join(do(), os.Chdir(here))
}

// latestRequirements names the latest frozen set.
func latestRequirements() string {
	sets, err := conformance.RequirementSets()
	if err != nil || len(sets) == 0 {
		return conformance.Next
	}
	return sets[len(sets)-1].Name
}
