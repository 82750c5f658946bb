package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/xferspec/xferspec/conformance/report"
)

// form is one in which a report can be written; each has a flag of its name.
type form struct {
	name, usage string
	write       func(f *reportFiles, r *report.Report, path string, w io.Writer) error
}

var forms = []form{
	{"json", "write the report to this file", func(_ *reportFiles, r *report.Report, _ string, w io.Writer) error {
		return r.WriteJSON(w)
	}},
	{"junit", "write the report to this file as JUnit XML", func(_ *reportFiles, r *report.Report, _ string, w io.Writer) error {
		return r.WriteJUnit(w)
	}},
	{"html", "write the report to this file as a page", func(f *reportFiles, r *report.Report, _ string, w io.Writer) error {
		return r.WriteHTML(w, report.HTMLOptions{Folder: f.folder(), Matrix: f.matrix, Traces: f.passing})
	}},
	{"markdown", "write the report to this file as Markdown, as for a job summary", func(_ *reportFiles, r *report.Report, _ string, w io.Writer) error {
		return r.WriteMarkdown(w)
	}},
	{"sarif", "write what went wrong to this file as SARIF", func(_ *reportFiles, r *report.Report, _ string, w io.Writer) error {
		return r.WriteSARIF(w)
	}},
	{"badge", "write a badge to this file: a picture if it ends in .svg,\nelse JSON for shields.io", func(_ *reportFiles, r *report.Report, path string, w io.Writer) error {
		if filepath.Ext(path) == ".svg" {
			return r.WriteBadgeSVG(w)
		}
		return r.WriteBadge(w)
	}},
}

// reportFiles are the files that a report goes into, besides the terminal.
type reportFiles struct {
	paths  map[string]*string // by the name of the form; "" if it is not wanted
	matrix *report.Matrix     // for the page; may be nil

	passing map[string][]string // traces by case that are for the page alone; nil for none
}

func (f *reportFiles) add(flags *pflag.FlagSet) {
	f.paths = map[string]*string{}
	for _, form := range forms {
		f.paths[form.name] = flags.String(form.name, "", form.usage)
	}
}

// create makes the files before a run, so that its result is not lost.
func (f *reportFiles) create() error {
	var paths []string
	for _, form := range forms {
		paths = append(paths, *f.paths[form.name])
	}
	return createFiles(paths...)
}

func (f *reportFiles) wants(form string) bool { return *f.paths[form] != "" }

// folder is where the paths of the report's traces begin.
func (f *reportFiles) folder() string { return filepath.Dir(*f.paths["json"]) }

func (f *reportFiles) write(r *report.Report) error {
	var outputs []output
	for _, form := range forms {
		path := *f.paths[form.name]
		outputs = append(outputs, output{path, func(w io.Writer) error { return form.write(f, r, path, w) }})
	}
	return writeFiles(outputs...)
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
