package project

import (
	"bytes"
	"context"
	"path"
	"regexp"
	"strings"

	"github.com/xferspec/xferspec/conformance/config"
)

var (
	dockerfile = regexp.MustCompile(`^Dockerfile$`)
	sourceFile = regexp.MustCompile(`(?i)^Dockerfile$|\.(py|c|cc|cpp|cxx|h|hpp|hxx|go|rs|java|kt|cs|js|ts|rb)$`)
	program    = regexp.MustCompile(`(?i)^[^.]+$|\.(exe|elf|bin|out)$`)
)

func findDockerfiles(_ context.Context, t *tree, m Machine) (all []*Candidate) {
	for _, file := range t.with(".", true, dockerfile) {
		folder := path.Dir(file)
		var texts []string
		for _, source := range t.with(folder, true, sourceFile) {
			texts = append(texts, t.text(source))
		}
		c := &Candidate{What: file, folder: folder, usable: m.Find("docker"), Target: config.Target{Build: folder}}
		c.weigh(file, texts...)
		all = append(all, c)
	}
	return all
}

// formats are how programs begin, by the system that runs them.
var formats = []struct{ os, magic string }{
	{"linux", "\x7fELF"},
	{"windows", "MZ"},
	{"darwin", "\xcf\xfa\xed\xfe"},
	{"darwin", "\xca\xfe\xba\xbe"},
}

const maxProgram = 32 << 20 // bytes of a program that are looked at

func findBinaries(_ context.Context, t *tree, m Machine) (all []*Candidate) {
	for _, file := range t.with(".", true, program) {
		for _, format := range formats {
			if !bytes.HasPrefix(t.head(file, 4), []byte(format.magic)) {
				continue
			}
			c := &Candidate{What: file, folder: path.Dir(file), usable: m.OS == format.os}
			c.weighProgram(file, t.head(file, maxProgram))
			c.Target = config.Target{Dir: c.folder, Run: []string{"./" + path.Base(file)}}
			if !c.usable {
				c.Notes = append(c.Notes, "This program is for "+systemName(format.os)+": test it there.")
			}
			all = append(all, c)
			break
		}
	}
	return all
}

// weighProgram looks for the names of the protocol's files in a program. Its numbers
// tell nothing.
func (c *Candidate) weighProgram(name string, content []byte) {
	var texts []string
	for _, file := range []string{"port.info", "transfer.info", "me.info", "priv.key"} {
		if bytes.Contains(content, []byte(file)) {
			texts = append(texts, file)
		}
	}
	c.weigh(name, texts...)
}

func systemName(os string) string {
	switch os {
	case "darwin":
		return "macOS"
	case "windows":
		return "Windows"
	}
	return strings.ToUpper(os[:1]) + os[1:]
}
