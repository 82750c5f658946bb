package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"github.com/xferspec/xferspec/conformance/report"
)

// reportFiles are the files that a report goes into, besides the terminal.
type reportFiles struct{ json, junit string }

func (f *reportFiles) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.json, "json", "", "write the report to this file")
	flags.StringVar(&f.junit, "junit", "", "write the report to this file as JUnit XML")
}

// create makes the files before a run, so that its result is not lost.
func (f *reportFiles) create() error { return createFiles(f.json, f.junit) }

func (f *reportFiles) write(r *report.Report) error {
	return writeFiles(output{f.json, r.WriteJSON}, output{f.junit, r.WriteJUnit})
}

// output is what goes into a file; one without a path is not wanted.
type output struct {
	path  string
	write func(io.Writer) error
}

func writeFiles(outputs ...output) error {
	for _, o := range outputs {
		if o.path == "" {
			continue
		}
		if err := writeFile(o.path, o.write); err != nil {
			return err
		}
	}
	return nil
}

func createFiles(paths ...string) error {
	var outputs []output
	for _, path := range paths {
		outputs = append(outputs, output{path, func(io.Writer) error { return nil }})
	}
	return writeFiles(outputs...)
}

// writeFile creates a file with what write writes.
func writeFile(path string, write func(io.Writer) error) error {
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write a file: %w", err)
	}
	if err := write(file); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
