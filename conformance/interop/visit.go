package interop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
)

// Visitor is a reference client that runs in this process, in a temporary
// folder, as often as it is sent, until Close. It keeps its identity between.
type Visitor struct {
	Edition *spec.Edition
	Name    string // under which it registers
	dir     string
}

// NewVisitor makes the folder of a client that nobody knows.
func NewVisitor(ed *spec.Edition, name string) (*Visitor, error) {
	dir, err := os.MkdirTemp("", "xferspec-reference-*")
	if err != nil {
		return nil, fmt.Errorf("prepare the reference client: %w", err)
	}
	return &Visitor{Edition: ed, Name: name, dir: dir}, nil
}

// Close removes the folder.
func (v *Visitor) Close() error { return os.RemoveAll(v.dir) }

// Visit is what became of one run of the reference client.
type Visit struct {
	Seen   *peer.Conversation
	Story  Story
	Output string
	Err    error // why the client gave up; nil if it was thanked for its file
}

// String tells the visit, for a failure's message.
func (v *Visit) String() string {
	text := "the reference client says:\n" + v.Output
	if v.Err != nil {
		text += v.Err.Error() + "\n"
	}
	return text + "its requests and the answers:\n" + v.Story.String()
}

// Send has the client bring a file to a server, with the faults of a plan on
// the way. It waits so long for every answer. An error is one of this machine
// or of the plan; that the client gives up is none.
func (v *Visitor) Send(ctx context.Context, addr, plan, file string, content []byte, patience time.Duration) (*Visit, error) {
	link, err := NewLink(ctx, "127.0.0.1", addr, v.Edition, plan)
	if err != nil {
		return nil, err
	}
	info := state.TransferInfo{Addr: link.Addr(), Name: v.Name, Path: file}
	err = errors.Join(
		os.WriteFile(filepath.Join(v.dir, "transfer.info"), info.Format(), 0o600),
		os.WriteFile(filepath.Join(v.dir, file), content, 0o600),
	)
	if err != nil {
		_, closeErr := link.Close()
		return nil, errors.Join(fmt.Errorf("prepare the reference client: %w", err), closeErr)
	}
	var output bytes.Buffer
	visit := &Visit{}
	visit.Err = client.Run(ctx, client.Config{Edition: v.Edition, Dir: v.dir, Out: &output, Timeout: patience})
	visit.Output = output.String()
	visit.Seen, err = link.Close()
	visit.Story = link.Story()
	return visit, err
}
