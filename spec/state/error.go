package state

import "fmt"

// Error says what is wrong with one of the files.
type Error struct {
	Clause string // id of the clause that the file breaks, such as "CFG-1"
	File   string // base name, such as "transfer.info"
	Line   int    // from 1; 0 where the fault is not one line's
	Reason string // what is wrong, and what to do
}

// Error returns file, line, reason and clause in one line.
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s (%s)", e.File, e.Reason, e.Clause)
	}
	return fmt.Sprintf("%s line %d: %s (%s)", e.File, e.Line, e.Reason, e.Clause)
}
