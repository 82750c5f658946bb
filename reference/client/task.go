package client

import (
	"path/filepath"

	"github.com/xferspec/xferspec/spec/state"
)

// task is what a run has to do. All of it is known, and known to be possible,
// before the client connects (CFG-5, FIL-22).
type task struct {
	folder folder
	info   state.TransferInfo
	known  *identity // as whom to log in (CFG-2); nil to register
	file   *outgoing
}

func prepare(cfg Config) (*task, error) {
	t := &task{folder: folder(cfg.Dir)}
	var err error
	if t.info, err = t.folder.transferInfo(); err != nil {
		return nil, err
	}
	if t.known, err = t.folder.identity(); err != nil {
		return nil, err
	}
	path := t.info.Path
	if !filepath.IsAbs(path) {
		path = cfg.Dir + string(filepath.Separator) + path
	}
	if t.file, err = openOutgoing(cfg.Edition, path); err != nil {
		return nil, err
	}
	return t, nil
}
