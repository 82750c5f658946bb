package main

import (
	"strings"

	"github.com/spf13/pflag"

	"github.com/xferspec/xferspec/conformance"
)

// idsFlag collects ids of cases or clauses, spelt as in the catalogue. It is a
// flag's value, one of several like those that pflag has: a plan of 'grade' takes it
// apart.
type idsFlag []string

var _ pflag.SliceValue = (*idsFlag)(nil)

// String returns the ids as they may be typed again.
func (f *idsFlag) String() string { return strings.Join(*f, ",") }

// Set adds ids that commas part.
func (f *idsFlag) Set(text string) error {
	for id := range strings.SplitSeq(text, ",") {
		*f = append(*f, conformance.Spelt(id))
	}
	return nil
}

// Type names the value in a usage text.
func (f *idsFlag) Type() string { return "strings" }

// Append adds an id.
func (f *idsFlag) Append(id string) error { return f.Set(id) }

// Replace sets the ids anew.
func (f *idsFlag) Replace(ids []string) error {
	*f = nil
	for _, id := range ids {
		_ = f.Set(id) // it takes any text
	}
	return nil
}

// GetSlice returns the ids.
func (f *idsFlag) GetSlice() []string { return *f }
