package config

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xferspec/xferspec/conformance/internal/limited"
)

// Matrix is what a matrix file says: who is to work with whom, on which files
// and through which faults.
type Matrix struct {
	Editions []string         `yaml:"editions"` // names; empty means the default edition
	Servers  []Implementation `yaml:"servers"`
	Clients  []Implementation `yaml:"clients"`
	Files    []Size           `yaml:"files"`
	Plans    []Plan           `yaml:"plans"` // empty means one without faults
	Timeout  int              `yaml:"timeout"`
}

// Implementation is a server or a client with a name.
type Implementation struct {
	Name   string `yaml:"name" json:"name"`
	Target `yaml:",inline"`
}

// In returns the implementation as it is run in an edition, whose name takes the
// place of {edition} in its arguments.
func (i Implementation) In(edition string) Implementation {
	i.Run = slices.Clone(i.Run)
	for k := range i.Run {
		i.Run[k] = strings.ReplaceAll(i.Run[k], "{edition}", edition)
	}
	return i
}

// Plan is what happens between client and server.
type Plan struct {
	Name string `yaml:"name"`
	File string `yaml:"file"` // "" if nothing happens
	Text string `yaml:"-"`    // of the file
}

// Size is the length of a file in bytes.
type Size int

// largestFile is the length of the largest file of any edition with packets, in bytes:
// its ciphertext, at least a byte longer, fills 65,535 packets of 1024 bytes.
const largestFile = 65_535*1024 - 1

// units are those in which a Size may be written.
var units = map[string]int{"B": 1, "kB": 1000, "KB": 1000, "KiB": 1 << 10, "MB": 1000 * 1000, "MiB": 1 << 20}

// UnmarshalYAML reads a number of bytes, or one with a unit such as "20 MiB".
func (s *Size) UnmarshalYAML(text []byte) (err error) {
	*s, err = ParseSize(strings.Trim(strings.TrimSpace(string(text)), `"'`))
	return err
}

// ParseSize reads a number of bytes, or one with a unit such as "20 MiB" or "64KB".
func ParseSize(text string) (Size, error) {
	number, unit := text, "B"
	if i := strings.IndexFunc(number, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		number, unit = number[:i], strings.TrimSpace(number[i:])
	}
	n, err := strconv.Atoi(number)
	if err != nil || units[unit] == 0 || n > math.MaxInt/units[unit] {
		return 0, fmt.Errorf("%q is no size of a file: write a number of bytes, or one with kB, KiB, MB or MiB", text)
	}
	return Size(n * units[unit]), nil
}

// Limit returns how long a cell may take.
func (m *Matrix) Limit() time.Duration {
	if m.Timeout == 0 {
		return time.Minute
	}
	return time.Duration(m.Timeout) * time.Second
}

// ReadMatrix reads a matrix file and the fault plans that it names. Folders come
// out relative to the working directory. What is wrong with its content is an *Error.
func ReadMatrix(path string) (*Matrix, error) {
	text, err := load(path)
	if err != nil {
		return nil, err
	}
	var m Matrix
	if err := decode(path, "matrix.schema.json", text, &m); err != nil {
		return nil, err
	}
	for i, size := range m.Files {
		if size > largestFile {
			return nil, at(path, text, fmt.Sprintf("%d bytes, and the largest file has %d", size, largestFile), "files", strconv.Itoa(i))
		}
	}
	base := filepath.Dir(path)
	for _, list := range [][]Implementation{m.Servers, m.Clients} {
		seen := map[string]bool{}
		for i := range list {
			if seen[list[i].Name] {
				return nil, &Error{path, 1, 1, fmt.Sprintf("two implementations of one role are called %s", list[i].Name)}
			}
			seen[list[i].Name] = true
			list[i].RelativeTo(base)
		}
	}
	if len(m.Plans) == 0 {
		m.Plans = []Plan{{Name: "no faults"}}
	}
	for i := range m.Plans {
		p := &m.Plans[i]
		if p.File == "" {
			continue
		}
		p.File = within(base, p.File)
		text, err := limited.ReadFile(p.File, limited.Setting)
		if err != nil {
			return nil, fmt.Errorf("read the fault plan %q: %w", p.Name, err)
		}
		p.Text = string(text)
	}
	return &m, nil
}

// RelativeTo makes the target's folders those that a file in another folder means.
func (t *Target) RelativeTo(base string) {
	for _, folder := range []*string{&t.Dir, &t.Build} {
		if *folder != "" {
			*folder = within(base, *folder)
		}
	}
}

func within(base, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(base, path)
}
