package trace

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/xferspec/xferspec/spec"
)

// The extensions of the files that Save writes.
const (
	TextExtension    = ".txt"
	CaptureExtension = ".pcapng"
	FileExtension    = ".xftrace"
)

// Save writes the connections of one recording into a folder that is there: all
// of them as NAME.txt (what Annotate prints) and as NAME.pcapng, and each as a
// file of this package, NAME.xftrace, or NAME-1.xftrace and so on where there are
// several. It returns the paths of what it wrote, in this order.
func Save(folder, name string, transcripts []*Transcript) ([]string, error) {
	base := filepath.Join(folder, name)
	text, capture := base+TextExtension, base+CaptureExtension
	err := writeFile(text, func(w io.Writer) error {
		return AnnotateAll(w, editionOf, transcripts, AnnotateOptions{})
	})
	if err != nil {
		return nil, err
	}
	if err = WriteCapture(capture, transcripts); err != nil {
		return []string{text}, err
	}
	files, err := WriteFiles(base+FileExtension, transcripts)
	return append([]string{text, capture}, files...), err
}

// WriteFiles writes each transcript into a file: one at the path, several at the
// path with -1, -2 and so on before the extension. It returns the paths of what
// it wrote.
func WriteFiles(path string, transcripts []*Transcript) (paths []string, err error) {
	extension := filepath.Ext(path)
	for i, t := range transcripts {
		file := path
		if len(transcripts) > 1 {
			file = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, extension), i+1, extension)
		}
		if err = writeFile(file, t.Write); err != nil {
			return paths, err
		}
		paths = append(paths, file)
	}
	return paths, nil
}

// WriteCapture writes transcripts into a capture file.
func WriteCapture(path string, transcripts []*Transcript) error {
	return writeFile(path, func(w io.Writer) error { return WritePcapng(w, transcripts) })
}

// writeFile makes a file of what write writes, for its owner alone: names and ids
// are in it, which is all that a login takes, and maybe keys. After an error there
// is no file.
func writeFile(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	err = errors.Join(write(out), out.Flush(), file.Close())
	if err != nil {
		_ = os.Remove(path) // err says more
	}
	return err
}

// AnnotateAll prints conversations one after the other as Annotate does, each in
// the edition that choose returns for it, under a heading where there are several.
// The error is that of w.
func AnnotateAll(w io.Writer, choose func(*Transcript) *spec.Edition, transcripts []*Transcript, opt AnnotateOptions) error {
	for i, t := range transcripts {
		if len(transcripts) > 1 {
			blank := "\n"
			if i == 0 {
				blank = ""
			}
			if _, err := fmt.Fprintf(w, "%sconnection %d of %d\n", blank, i+1, len(transcripts)); err != nil {
				return err
			}
		}
		if err := Annotate(w, choose(t), t, opt); err != nil {
			return err
		}
	}
	return nil
}
