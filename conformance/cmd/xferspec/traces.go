package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
)

// defaultTraces is the folder of `--traces all`.
const defaultTraces = "traces"

// tracesFlag says of which cases the conversations are kept, and where.
type tracesFlag struct {
	folder string // "" for none
	all    bool   // also of the cases that found nothing

	secrets bool // with the keys that are known
	passing bool // nobody asked for them: they are there until the page is written
}

func (f *tracesFlag) add(flags *pflag.FlagSet) {
	flags.Var(f, "traces", "keep the conversations of the cases that found something in this folder, or of all cases")
	flags.BoolVar(&f.secrets, "secrets", false, "with --traces: write also the keys that decrypt the files in them")
}

// pass has traces recorded for a page, if they are not kept anyway.
func (f *tracesFlag) pass() error {
	if f.folder != "" {
		return nil
	}
	folder, err := os.MkdirTemp("", "xferspec-traces-*")
	if err != nil {
		return fmt.Errorf("make room for traces: %w", err)
	}
	f.folder, f.passing = folder, true
	return nil
}

// remove removes traces that nobody asked for.
func (f *tracesFlag) remove() {
	if f.passing {
		_ = os.RemoveAll(f.folder)
	}
}

// args returns the flags that say the same.
func (f *tracesFlag) args() []string {
	if f.folder == "" {
		return nil
	}
	return []string{"--traces", f.String(), "--secrets=" + strconv.FormatBool(f.secrets)}
}

// Set reads FOLDER, all, or all=FOLDER.
func (f *tracesFlag) Set(text string) error {
	which, folder, named := strings.Cut(text, "=")
	switch {
	case text == "":
		return fmt.Errorf("name a folder, such as --traces %s", defaultTraces)
	case text == "all":
		f.folder, f.all = defaultTraces, true
	case which == "all" && named && folder != "":
		f.folder, f.all = folder, true
	default:
		f.folder, f.all = text, false
	}
	return nil
}

// String returns what Set reads.
func (f *tracesFlag) String() string {
	if f.all {
		return "all=" + f.folder
	}
	return f.folder
}

// Type is what the help calls the value.
func (f *tracesFlag) Type() string { return "FOLDER|all|all=FOLDER" }

// evidence returns what keeps the conversations that the flags ask for.
func (f *testFlags) evidence(ed *spec.Edition) (*conformance.Evidence, error) {
	if f.files.wants("html") {
		if err := f.traces.pass(); err != nil {
			return nil, err
		}
	}
	return f.traces.evidence(ed)
}

// evidence returns what keeps the conversations, nil for nothing. The folder is
// made before the run, so that its result is not lost.
func (f *tracesFlag) evidence(ed *spec.Edition) (*conformance.Evidence, error) {
	if f.folder == "" {
		if f.secrets {
			return nil, errors.New("--secrets goes with --traces")
		}
		return nil, nil
	}
	if err := os.MkdirAll(f.folder, 0o700); err != nil {
		return nil, fmt.Errorf("--traces: %w", err)
	}
	return &conformance.Evidence{Folder: f.folder, All: f.all, Secrets: f.secrets, Edition: ed}, nil
}
