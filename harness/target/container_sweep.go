package target

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"github.com/containerd/errdefs"
	api "github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// Labels of what this package makes: all of it, and the containers of one process.
const (
	labelOurs = "xferspec"
	ours      = "target"
	labelRun  = "xferspec.run"
)

// runID tells the containers of this process from those of others.
var runID = sync.OnceValue(func() string {
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
})

// Sweep removes every container that this process has made and still has, with
// its anonymous volumes, also where ctx has ended. Close of a Server and of a
// Run do that for their own; a program calls it once more before it exits, for
// whatever an interrupt kept from being closed. Where no engine was used it does
// nothing. The error is an *EngineError.
func Sweep(ctx context.Context) error {
	shared.Lock()
	e := shared.engine
	shared.Unlock()
	if e == nil {
		return nil
	}
	limited, cancel := detached(ctx)
	defer cancel()
	found, err := e.client.ContainerList(limited, client.ContainerListOptions{
		All: true, Filters: make(client.Filters).Add("label", labelRun+"="+runID()),
	})
	if err != nil {
		return &EngineError{Doing: "list its containers", Err: err}
	}
	var faults []error
	for _, c := range found.Items {
		faults = append(faults, e.remove(c.ID))
	}
	return errors.Join(faults...)
}

// remove removes a container and its anonymous volumes, whatever it is doing
// and whatever happened to the caller's context.
func (e *engine) remove(id string) error {
	ctx, cancel := detached(context.Background())
	defer cancel()
	_, err := e.client.ContainerRemove(ctx, id, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	if errdefs.IsConflict(err) { // someone else is at it
		gone := e.client.ContainerWait(ctx, id, client.ContainerWaitOptions{Condition: api.WaitConditionRemoved})
		select {
		case <-gone.Result:
			err = nil
		case err = <-gone.Error:
		}
	}
	if err != nil && !errdefs.IsNotFound(err) {
		return &EngineError{Doing: "remove a container", Err: err, Hint: fmt.Sprintf("remove it with 'docker rm -f %.12s'", id)}
	}
	return nil
}
