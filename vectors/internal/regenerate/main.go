// Command regenerate writes the data files of package vectors into a folder. It
// is what "go generate ./vectors" runs.
package main

import (
	"fmt"
	"os"

	"github.com/xferspec/xferspec/vectors/generate"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: regenerate FOLDER")
		os.Exit(2)
	}
	if err := generate.Generate(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
