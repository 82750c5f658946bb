package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/xferspec/xferspec/conformance/selftest"
)

// checkMarkdown looks before a run whether its matrix can go where it should.
func (f *selftestFlags) checkMarkdown() error {
	if f.markdown == "" {
		return nil
	}
	old, err := os.ReadFile(f.markdown)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return createFiles(f.markdown)
	case err != nil:
		return err
	case !selftest.KeepsMatrix(old):
		return nil
	case f.role != "" || len(f.names) > 0:
		return fmt.Errorf("--markdown %s: it has the matrix of all mutants, which goes with neither --role nor --mutant", f.markdown)
	}
	_, err = selftest.ReplaceMatrix(old, nil)
	return err
}

// rewritesMatrix says whether the matrix on record is to be written anew, which then
// is nothing to compare with.
func (f *selftestFlags) rewritesMatrix() bool {
	old, err := os.ReadFile(f.markdown)
	return err == nil && selftest.KeepsMatrix(old)
}

// writeMarkdown writes the matrix to its file, or into the one that keeps it.
func (f *selftestFlags) writeMarkdown(r *selftest.Result) error {
	if f.markdown == "" {
		return nil
	}
	var matrix bytes.Buffer
	if err := r.WriteMarkdown(&matrix); err != nil {
		return err
	}
	text := matrix.Bytes()
	if old, err := os.ReadFile(f.markdown); err == nil && selftest.KeepsMatrix(old) {
		if text, err = selftest.ReplaceMatrix(old, text); err != nil {
			return err
		}
	}
	return writeFile(f.markdown, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}
