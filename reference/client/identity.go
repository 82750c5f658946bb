package client

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/state"
	"github.com/xferspec/xferspec/spec/wire"
)

// Names of the files in the working directory (CFG-1, CFG-3, CFG-4).
const (
	transferInfoFile = "transfer.info"
	meInfoFile       = "me.info"
	privKeyFile      = "priv.key"
)

// restoreIdentity is what to do about a damaged me.info or priv.key.
const restoreIdentity = "restore the file, or remove me.info to register anew"

// identity is who the client is to a server.
type identity struct {
	name string
	id   wire.ID
	key  *rsa.PrivateKey
}

// folder is the client's working directory.
type folder string

// longestState is how long a file of the client's own may be, in bytes.
const longestState = 1 << 20

func (f folder) read(name string) ([]byte, error) {
	file, err := os.Open(filepath.Join(string(f), name))
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // was only read
	text, err := io.ReadAll(io.LimitReader(file, longestState+1))
	if err == nil && len(text) > longestState {
		err = fmt.Errorf("%s has more than %d KiB", name, longestState>>10)
	}
	return text, err
}

// transferInfo reads what to send where (CFG-1).
func (f folder) transferInfo() (state.TransferInfo, error) {
	text, err := f.read(transferInfoFile)
	if err != nil {
		return state.TransferInfo{}, fail(err, "write three lines: IP:port of the server, your name, path of the file")
	}
	return state.ParseTransferInfo(text)
}

// identity reads me.info (CFG-2), and priv.key where me.info has no key in it; a
// key that is in me.info and damaged is an error, for the one in priv.key may
// belong to another registration. Without me.info there is no identity: nil.
func (f folder) identity() (*identity, error) {
	text, err := f.read(meInfoFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fail(err, restoreIdentity)
	}
	info, err := state.ParseMeInfo(text)
	if err != nil {
		return nil, err
	}
	der, source := info.PrivateKey, meInfoFile
	if der == nil {
		if der, err = f.privateKey(); err != nil {
			return nil, err
		}
		source = privKeyFile
	}
	key, err := seal.ParsePrivateKey(der)
	if err != nil {
		return nil, fail(fmt.Errorf("%s: %w", source, err), restoreIdentity)
	}
	return &identity{info.Name, info.Client, key}, nil
}

// privateKey reads priv.key and returns the DER in it.
func (f folder) privateKey() ([]byte, error) {
	text, err := f.read(privKeyFile)
	if err != nil {
		return nil, fail(err, restoreIdentity)
	}
	return state.ParsePrivateKeyFile(text)
}

// save writes priv.key and me.info for their owner alone (CFG-3, CFG-4, CFG-6).
// me.info comes last: it is what makes the next run log in.
func (f folder) save(me identity) error {
	der, err := seal.MarshalPrivateKey(me.key)
	if err != nil {
		return err
	}
	info := state.MeInfo{Name: me.name, Client: me.id, PrivateKey: der}
	if err := f.replace(privKeyFile, state.FormatPrivateKeyFile(der)); err != nil {
		return err
	}
	return f.replace(meInfoFile, info.Format())
}

// replace puts a file in place whole or not at all, readable by its owner alone.
func (f folder) replace(name string, text []byte) error {
	temp, err := os.CreateTemp(string(f), "."+name+"-*") // has mode 0600
	if err == nil {
		_, err = temp.Write(text)
		err = errors.Join(err, temp.Sync(), temp.Close())
		if err == nil {
			err = os.Rename(temp.Name(), filepath.Join(string(f), name))
		}
		if err != nil {
			_ = os.Remove(temp.Name())
		}
	}
	if err != nil {
		return fail(fmt.Errorf("cannot write %s: %w", name, err), "make the working directory writable and run again")
	}
	return nil
}
