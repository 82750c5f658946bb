// Package generate makes the data files of package vectors, every byte of them.
//
// It shares nothing with the codec and the cryptography that the vectors test:
// the numbers of the editions are in a table of its own, frames are built by
// appending bytes, RSAES-OAEP is done with big integers, the checksum bit by
// bit. All randomness comes from fixed labels, so generating again gives the
// same bytes.
package generate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/xferspec/xferspec/vectors"
)

// Generate writes all data files into a folder, which it makes if it is missing.
// Files of the same names are overwritten, others stay.
func Generate(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // no secret
		return fmt.Errorf("generate vectors: %w", err)
	}
	for _, f := range files() {
		if err := f.write(dir); err != nil {
			return fmt.Errorf("generate vectors: %w", err)
		}
	}
	return nil
}

// file is a data file: its name and a vectors.File.
type file struct {
	name    string
	content any
}

func fileOf[T any](name, kind, comment string, list []T) file {
	return file{name + ".json", vectors.File[T]{Schema: "../schema/" + kind + ".schema.json", Comment: comment, Vectors: list}}
}

func files() []file {
	all := []file{
		fileOf("cksum", "cksum", "The checksum of POSIX cksum. The file is pattern, repeated and cut to length bytes.", cksums()),
		fileOf("seal-public-key", "public-key", "What may and may not stand in the public key field of 1026.", publicKeys()),
		fileOf("seal-unwrap", "unwrap", "AES keys wrapped with RSAES-OAEP, SHA-1, MGF1 with SHA-1, empty label.", unwraps()),
		fileOf("seal-cbc", "cbc", "AES-CBC with an IV of 16 zero bytes and PKCS#7 padding.", cbcs()),
		fileOf("state", "state", "The files that the programs read where they run.", states()),
	}
	for _, ed := range editions() {
		all = append(all,
			fileOf("messages-"+ed.name, "message", "Frames of edition "+ed.name+" and the values of their fields.", messages(ed)),
			fileOf("negative-"+ed.name, "negative", "Frames of edition "+ed.name+" that must not be taken for messages, and where they are wrong.", negatives(ed)),
			fileOf("conversations-"+ed.name, "conversation", "What both sides send in edition "+ed.name+", from the first message to the last.", conversations(ed)),
		)
	}
	return all
}

// write encodes the file so that a change of one value is a change of one line.
func (f file) write(dir string) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(f.content); err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	return os.WriteFile(filepath.Join(dir, f.name), text.Bytes(), 0o644) //nolint:gosec // no secret
}
