// Package spec is the protocol as data: its normative text, the clauses in that
// text, and the editions with the numbers that differ between them.
//
// The text is protocol.md, beside this file. A clause is one list item of it and
// has a permanent id such as FRM-15; everything else of the project cites ids
// and asks [LookupClause] for level, roles and wording, so that no sentence of
// the protocol is written down twice. An [Edition] says which codes, sizes and
// features hold in one semester, and which clauses it exempts or weakens.
//
// The packages below this one turn the text into bytes: wire the messages, seal
// the cryptography, cksum the checksum, state the files that lie beside a program.
// Package dissector makes of all that the script for Wireshark.
package spec

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed protocol.md
var protocolText string

// Level says how binding a clause is. The order is that of strictness, so the
// smaller of two levels is the weaker one. The zero Level is no level.
type Level uint8

// The levels.
const (
	Should Level = iota + 1 // breaking the clause is a warning, a failure only under strict judgement
	Must                    // breaking the clause is non-conformance
)

// String returns "SHOULD" or "MUST", as the text writes it.
func (l Level) String() string {
	switch l {
	case Should:
		return "SHOULD"
	case Must:
		return "MUST"
	}
	return fmt.Sprintf("level %d", uint8(l))
}

// Role is the set of those whom a clause binds. The zero Role is the empty set.
type Role uint8

// The roles.
const (
	Server Role = 1 << iota // the side that listens and stores files
	Client                  // the side that connects and sends a file
)

// Has says whether all roles of other are in r.
func (r Role) Has(other Role) bool { return r&other == other }

// String returns "server", "client" or "server, client", as the text writes it.
func (r Role) String() string {
	for name, role := range roleLists {
		if role == r {
			return name
		}
	}
	return fmt.Sprintf("role %d", uint8(r))
}

// Clause is one requirement of the protocol.
type Clause struct {
	ID        string // such as "REG-6": permanent, never given to another clause
	Level     Level  // as the text has it; an Edition may weaken it
	Roles     Role
	Text      string // the wording in Markdown, on one line
	Line      int    // where the clause begins in the text, from 1
	Withdrawn string // why the clause no longer holds; then Level, Roles and Text are zero
}

// Group returns the part of the id before the hyphen, such as "REG".
func (c Clause) Group() string {
	group, _, _ := strings.Cut(c.ID, "-")
	return group
}

// Clauses returns all clauses of protocol.md in the order of the text, withdrawn
// ones included.
func Clauses() []Clause { return slices.Clone(catalogue().ordered) }

// LookupClause returns the clause with that id; ok is false where there is none.
func LookupClause(id string) (c Clause, ok bool) {
	c, ok = catalogue().byID[id]
	return c, ok
}

type clauseCatalogue struct {
	ordered []Clause
	byID    map[string]Clause
}

var catalogue = sync.OnceValue(func() clauseCatalogue {
	clauses, err := ParseClauses(protocolText)
	if err != nil {
		panic(err) // the text is compiled in, and a test parses it
	}
	byID := make(map[string]Clause, len(clauses))
	for _, c := range clauses {
		byID[c.ID] = c
	}
	return clauseCatalogue{clauses, byID}
})
