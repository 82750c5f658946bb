// Command generate writes the dissector into a file. It is what
// "go generate ./spec/dissector" runs.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/xferspec/xferspec/spec/dissector"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: generate FILE")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(path string) error {
	file, err := os.Create(path) //nolint:gosec // go generate names it
	if err != nil {
		return err
	}
	return errors.Join(dissector.Generate(file), file.Close())
}
