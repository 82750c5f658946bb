package spec

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed editions/*.yaml
var editionFiles embed.FS

// DefaultEdition is the name of the edition that is meant where none is named.
const DefaultEdition = "2024a"

// Edition is one semester's numbers for the protocol: what differs between
// editions is data here, never a condition on an edition's name in the code.
// An Edition is not changed after it was loaded.
type Edition struct {
	Name    string // such as "2024a"
	Version uint8  // the version byte of every message (VER-1, VER-2)

	AESBits        int    // length of the file key: 128 or 256 bits (KEY-3)
	PacketFields   bool   // a file travels in numbered packets; else in one message
	PacketContent  int    // bytes of ciphertext in every packet but the last (FIL-5); 0 where the edition leaves it open
	RepeatClientID bool   // file and crc requests carry the client id in the payload too
	EmptyThanks    bool   // thanks has no payload (CRC-2)
	DefaultPort    uint16 // the port where port.info names none (STO-2)
	Database       string // file name of the server's database (STO-3)

	levels    map[string]Level  // clause id → level, where it differs from the text
	excluded  map[string]string // clause id → why it does not apply
	codes     [typeCount]uint16 // 0: the edition has no such message
	requests  map[uint16]MessageType
	responses map[uint16]MessageType
}

// Editions returns all editions, oldest first.
func Editions() []*Edition {
	all, err := loadEmbedded()
	if err != nil {
		panic(err) // the files are compiled in, and a test loads them
	}
	return slices.Clone(all)
}

var loadEmbedded = sync.OnceValues(func() ([]*Edition, error) {
	entries, err := editionFiles.ReadDir("editions")
	if err != nil {
		return nil, err
	}
	var all []*Edition
	for _, entry := range entries {
		path := "editions/" + entry.Name()
		text, err := editionFiles.ReadFile(path)
		if err != nil {
			return nil, err
		}
		edition, err := ParseEdition(path, text)
		if err != nil {
			return nil, err
		}
		all = append(all, edition)
	}
	return all, nil
})

// EditionName returns a name of an edition as the edition spells it. One that no
// edition has comes back as it was.
func EditionName(name string) string {
	if edition, err := LookupEdition(name); err == nil {
		return edition.Name
	}
	return name
}

// LookupEdition returns the edition of that name, in any letter case; the error
// lists the names there are.
func LookupEdition(name string) (*Edition, error) {
	var names []string
	for _, edition := range Editions() {
		if strings.EqualFold(edition.Name, name) {
			return edition, nil
		}
		names = append(names, edition.Name)
	}
	return nil, fmt.Errorf("unknown edition %q: choose one of %s", name, strings.Join(names, ", "))
}

// Code returns the code of a message; ok is false where the edition has no such message.
func (e *Edition) Code(t MessageType) (code uint16, ok bool) {
	if t >= typeCount {
		return 0, false
	}
	return e.codes[t], e.codes[t] != 0
}

// Has says whether the edition has such a message.
func (e *Edition) Has(t MessageType) bool {
	_, ok := e.Code(t)
	return ok
}

// Request returns the request with that code, or TypeUnknown.
func (e *Edition) Request(code uint16) MessageType { return e.requests[code] }

// Response returns the response with that code, or TypeUnknown.
func (e *Edition) Response(code uint16) MessageType { return e.responses[code] }

// KeySize returns the length of an AES key in bytes (KEY-3).
func (e *Edition) KeySize() int { return e.AESBits / 8 }

// Level returns the clause's level in this edition.
func (e *Edition) Level(c Clause) Level {
	if level, ok := e.levels[c.ID]; ok {
		return level
	}
	return c.Level
}

// Excludes returns why a clause does not apply in this edition, or "" if it does.
func (e *Edition) Excludes(clauseID string) string { return e.excluded[clauseID] }

// Adjusted returns the ids of all clauses that this edition excludes or gives
// another level than the text does, sorted.
func (e *Edition) Adjusted() []string {
	ids := slices.AppendSeq(slices.Collect(maps.Keys(e.excluded)), maps.Keys(e.levels))
	slices.Sort(ids)
	return ids
}
