package clients

import (
	"context"
	"os"

	"github.com/xferspec/xferspec/spec/wire"
)

// fileRows are mistakes in how the file itself is treated.
var fileRows = []row{
	{
		id: "too-large-is-empty", clauses: "FIL-22", often: "for files that are too large", about: "counts the packets in 16 bits and sends an empty file",
		mutate: beforehand(func(p *process) {
			if p.size() > maxFile {
				p.substitute(nil)
			}
		}),
	},
	{
		id: "registers-for-too-large", clauses: "FIL-22", often: "for files that are too large", about: "registers before it looks at the file",
		mutate: beforehand(func(p *process) {
			if p.size() <= maxFile {
				return
			}
			if c, err := p.open(context.Background(), "tcp", p.task.Addr); err == nil {
				register, _ := wire.AppendRequest(nil, p.edition, wire.ID{}, &wire.Register{Name: p.task.Name})
				_, _ = c.Write(register)
				_ = c.Close()
			}
		}),
	},
	{
		id: "packets-in-15-bits", clauses: "FIL-29", often: "for files of more than 32,767 packets", about: "counts packets in a signed number of 16 bits",
		mutate: beforehand(func(p *process) {
			if size := p.size(); size > 32_767*packetSize && size <= maxFile {
				p.quit(1, "fatal: the file is too large")
			}
		}),
	},
	{
		id: "removes-file", clauses: "FIL-28", often: "after a success", about: "removes the file",
		also: "CLT-FIL-27",
		mutate: afterwards(func(p *process, err error) {
			if err == nil {
				_ = os.Remove(p.task.Path)
			}
		}),
	},
}

// maxFile is the size of the largest file that can be sent, in bytes.
const maxFile = 65_535*packetSize - 1

// size returns the size of the file to send, 0 if there is none.
func (p *process) size() int64 {
	if p.task == nil {
		return 0
	}
	info, err := os.Stat(p.task.Path)
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}
