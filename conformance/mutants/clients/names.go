package clients

import (
	"os"
	"path"
	"strings"

	"github.com/xferspec/xferspec/spec/wire"
)

// fileName returns the base name of the file to send.
func (p *process) fileName() string {
	if p.task == nil {
		return ""
	}
	return path.Base(p.task.Path)
}

// shortenName gives the file a name that the reference sends, if its own is too long.
func shortenName(p *process) {
	name := p.fileName()
	if len(name) <= wire.MaxText {
		return
	}
	if os.Link(p.task.Path, "short.bin") == nil {
		p.longName = name
		task := *p.task
		task.Path = "short.bin"
		p.setTask(task)
	}
}

// taskLines returns the lines of transfer.info as they are, three at least.
func taskLines() []string {
	lines := strings.Split(string(readFile(transferInfo)), "\n")
	for len(lines) < 3 {
		lines = append(lines, "")
	}
	return lines
}
