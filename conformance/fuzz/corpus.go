package fuzz

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance/internal/limited"
)

// corpus is a folder with conversations, a JSON file for each: those that broke a
// clause, which are tried first, and those that brought about something new.
type corpus[C any] struct {
	folder  string
	entries []entry[C]
}

type entry[C any] struct {
	name         string // of the file
	conversation C
}

// openCorpus reads the folder, and makes it if it is not there.
func openCorpus[C any](folder string) (*corpus[C], error) {
	c := &corpus[C]{folder: folder}
	if folder == "" {
		return c, nil
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return nil, fmt.Errorf("make the folder of the corpus: %w", err)
	}
	paths, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("read the corpus: %w", err)
	}
	slices.Sort(paths) // "fail" before "new"
	for _, path := range paths {
		var e entry[C]
		if e.conversation, err = ReadConversation[C](path); err != nil {
			return nil, err
		}
		e.name = path
		c.entries = append(c.entries, e)
	}
	return c, nil
}

// CorpusError says that a file of a corpus does not hold a conversation.
type CorpusError struct {
	Path string
	Err  error
}

// Error returns file, reason and what to do in one line.
func (e *CorpusError) Error() string {
	return fmt.Sprintf("%s is no conversation of this kind: %v; move it out of the corpus", e.Path, e.Err)
}

// Unwrap returns the reason.
func (e *CorpusError) Unwrap() error { return e.Err }

// ReadConversation reads a file of a corpus. The error is a *CorpusError, or that
// of reading.
func ReadConversation[C any](path string) (c C, err error) {
	b, err := limited.ReadFile(path, limited.Report)
	if err != nil {
		return c, fmt.Errorf("read a conversation: %w", err)
	}
	if c, err = ParseConversation[C](b); err != nil {
		return c, &CorpusError{path, err}
	}
	return c, nil
}

// ParseConversation reads the content of such a file.
func ParseConversation[C any](b []byte) (c C, err error) {
	in := json.NewDecoder(bytes.NewReader(b))
	in.DisallowUnknownFields()
	if err = in.Decode(&c); err != nil {
		return c, err
	}
	if in.More() {
		return c, errors.New("there is more behind it")
	}
	if v, ok := any(c).(interface{ Check() error }); ok {
		err = v.Check()
	}
	return c, err
}

// keep writes a conversation, unless it is there already.
func (c *corpus[C]) keep(kind string, conversation C) error {
	if c.folder == "" {
		return nil
	}
	b, err := json.Marshal(conversation)
	if err != nil {
		return fmt.Errorf("write a conversation: %w", err)
	}
	sum := sha256.Sum256(b)
	name := strings.ToLower(kind) + "-" + hex.EncodeToString(sum[:6]) + ".json"
	path := filepath.Join(c.folder, name)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.WriteFile(path, append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("keep a conversation in the corpus: %w", err)
	}
	return nil
}
