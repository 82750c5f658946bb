package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

func decodeCommand() *cobra.Command {
	var edition, from string
	var asHex, full bool
	cmd := &cobra.Command{
		Use:   "decode {FILE | -}",
		Short: "Show the messages in a recorded conversation or in raw bytes, field by field",
		Long: `Show the messages in a file field by field, with offsets and what is wrong.

FILE is a conversation that xferspec recorded (.xftrace), or the bytes of one
direction, raw or (--hex) as hexadecimal text; - is standard input.`,
		Example: `  xferspec decode first.xftrace
  echo 03 41 06 00 00 00 00 | xferspec decode --hex --from server -`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ed, err := spec.LookupEdition(edition)
			if err != nil {
				return err
			}
			direction, ok := map[string]trace.Direction{"client": trace.ToServer, "server": trace.ToClient}[from]
			if !ok {
				return fmt.Errorf("--from %q is neither client nor server", from)
			}
			data, err := readInput(cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			t, err := transcriptOf(data, ed, direction, asHex)
			if err != nil {
				return fmt.Errorf("decode %s: %w", args[0], err)
			}
			if !cmd.Flags().Changed("edition") {
				if ed, err = spec.LookupEdition(t.Edition); err != nil {
					return fmt.Errorf("decode %s: %w", args[0], err)
				}
			}
			return exit(report.ExitFault, trace.Annotate(cmd.OutOrStdout(), ed, t, trace.AnnotateOptions{Full: full}))
		},
	}
	cmd.Flags().StringVar(&edition, "edition", spec.DefaultEdition, "edition of the protocol; a recorded conversation names its own")
	cmd.Flags().StringVar(&from, "from", "client", "who sent raw bytes: client or server")
	cmd.Flags().BoolVar(&asHex, "hex", false, "the input is hexadecimal text")
	cmd.Flags().BoolVar(&full, "full", false, "show every byte of long fields")
	return cmd
}

// maxInput bounds what decode reads, in bytes.
const maxInput = 512 << 20

func readInput(stdin io.Reader, name string) ([]byte, error) {
	in := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	data, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	if err == nil && len(data) > maxInput {
		err = fmt.Errorf("more than %d MiB", maxInput>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}

func transcriptOf(data []byte, ed *spec.Edition, direction trace.Direction, asHex bool) (*trace.Transcript, error) {
	switch {
	case asHex:
		raw, err := trace.ParseHex(string(data))
		return trace.FromBytes(ed, direction, raw), err
	case bytes.HasPrefix(data, []byte(`{"schema":"xferspec-trace/`)):
		return trace.Read(bytes.NewReader(data))
	default:
		return trace.FromBytes(ed, direction, data), nil
	}
}
