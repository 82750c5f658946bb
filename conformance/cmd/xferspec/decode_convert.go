package main

import (
	"fmt"

	"github.com/xferspec/xferspec/harness/trace"
)

// convert writes conversations in the forms that are asked for, and says what it wrote.
func (d *decoder) convert(transcripts []*trace.Transcript) error {
	without := false
	for _, t := range transcripts {
		t.Edition = d.editionOf(t).Name
		if t.Secrets != nil && !d.secrets {
			t.Secrets, without = nil, true
		}
	}
	var paths []string
	if d.pcapng != "" {
		if err := trace.WriteCapture(d.pcapng, transcripts); err != nil {
			return err
		}
		paths = append(paths, d.pcapng)
	}
	if d.xftrace != "" {
		files, err := trace.WriteFiles(d.xftrace, transcripts)
		if err != nil {
			return err
		}
		paths = append(paths, files...)
	}
	for _, path := range paths {
		fmt.Fprintf(d.out, "%s written\n", path)
	}
	if without {
		fmt.Fprintln(d.out, "without the keys; --secrets writes them too")
	}
	return nil
}
