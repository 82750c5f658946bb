package server

import (
	"fmt"
	"time"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/conformance/internal/storage"
)

// leastContent is how long a file has to be, in bytes, to be told from others by
// what is in it.
const leastContent = 16

// last looks, when all steps were played, at what no answer has shown: that
// there was none where there is to be none, and what is stored.
func (p *play) last() error {
	for _, k := range p.conns {
		if k == nil || k.quiet == nil {
			continue
		}
		p.line = ""
		p.tell("connection %d: a request whose answer is known", k.number+1)
		p.settle(k, legal{clause: k.quiet.clause}, 0, false)
		p.out.Story = append(p.out.Story, p.line)
		if p.out.Finding != nil {
			return nil
		}
	}
	p.closeAll()
	return p.stored()
}

// stored looks into the server's folder: the verified files are there, which may
// take a moment, and no others count as verified.
func (p *play) stored() error {
	if !p.s.target.Local() {
		return nil
	}
	deadline := time.Now().Add(p.s.patience())
	for {
		missing, f := p.notStored()
		if missing == nil {
			p.tooEarly()
			return nil
		}
		if time.Now().After(deadline) {
			p.find(&fuzz.Finding{
				Clause: f.clause(), Expected: []string{f.name + ", which " + missing.letter + " has verified, somewhere in the server's folder"},
				Actual: "no file there has its content", Weak: true,
			})
			return nil
		}
		select {
		case <-p.ctx.Done():
			return p.ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// tooEarly looks for a file that counts as verified without a 1029. That shows
// only in a database, and only where a column is called so.
func (p *play) tooEarly() {
	var rows []storage.Record
	for _, c := range p.clients {
		for i, taken := range c.taken {
			if !taken || c.told[i] {
				continue
			}
			if rows == nil {
				dir, err := p.s.target.Files(p.ctx, p.s.target.Dir())
				if err != nil {
					return
				}
				if rows, _ = storage.Records(p.ctx, dir); rows == nil {
					return
				}
			}
			for _, r := range rows {
				column := r.VerifiedColumn()
				if column < 0 || !r.Names(p.names[i]) || !r.Identifies(c.id) || !storage.IsTrue(r.Values[column]) {
					continue
				}
				p.find(&fuzz.Finding{
					Clause:   "CRC-8",
					Expected: []string{p.names[i] + " of " + c.letter + ", for which no 1029 has come, not to count as verified"},
					Actual:   fmt.Sprintf("in %s the column %s of its row is %q", r.Table, r.Columns[column], r.Values[column]),
				})
				return
			}
		}
	}
}

// lost is a verified file that is not in the server's folder.
type lost struct {
	file
	name   string
	shared bool // another client has a file of that name
}

// notStored returns a verified file that is nowhere in the server's folder, and
// whose it is.
func (p *play) notStored() (*client, lost) {
	dir := ""
	for _, c := range p.clients {
		for i, f := range c.files {
			if len(f.verified) < leastContent {
				continue
			}
			if dir == "" {
				var err error
				if dir, err = p.s.target.Files(p.ctx, p.s.target.Dir()); err != nil {
					return nil, lost{} // nothing can be seen
				}
			}
			if len(storage.Find(dir, f.verified)) == 0 {
				shared := false
				for _, other := range p.clients {
					shared = shared || other != c && other.files[i].state != absent
				}
				return c, lost{f, p.names[i], shared}
			}
		}
	}
	return nil, lost{}
}

// clause is the one that says that the file has to be there.
func (f lost) clause() string {
	switch {
	case f.again:
		return "STO-4"
	case f.faulty:
		return "FIL-21"
	case f.shared:
		return "FIL-20"
	}
	return "STO-6"
}
