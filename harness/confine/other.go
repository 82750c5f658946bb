//go:build !linux

package confine

import (
	"context"
	"errors"
	"syscall"
)

// FirstUID is the first of the users as whom boxes may run.
const FirstUID = 600_000_000

var errSystem = errors.New("only Linux can confine programs this way")

func roomAttributes() (*syscall.SysProcAttr, error) { return nil, errSystem }
func boxAttributes() (*syscall.SysProcAttr, error)  { return nil, errSystem }

// HasUsers says whether boxes can run as users of their own.
func HasUsers() bool { return false }

// Check says why this system confines nobody.
func Check(context.Context) error { return errSystem }

// Own does nothing.
func (b *Box) Own(string) error { return nil }
