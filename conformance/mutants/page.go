package mutants

import _ "embed"

//go:embed README.md
var page []byte

// Page returns the page about the mutants and variations, README.md, with the kill
// matrix as it was written last.
func Page() []byte { return page }
