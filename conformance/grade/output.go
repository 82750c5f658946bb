package grade

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// WriteFiles writes all views of the class into the folder with its results.
// Each file is replaced as a whole.
func (s *Sheet) WriteFiles(out string, graded map[string]*Graded) error {
	files := map[string]func(io.Writer) error{"class.json": s.WriteJSON, "class.csv": s.WriteCSV, "class.html": s.WriteHTML}
	for _, line := range s.Submissions {
		g := graded[line.Name]
		files[filepath.Join(Folder("", line.Name), "feedback.md")] = func(w io.Writer) error { return s.WriteFeedback(w, g) }
		files[filepath.Join(Folder("", line.Name), "feedback.html")] = func(w io.Writer) error { return s.WriteFeedbackHTML(w, g) }
	}
	for name, write := range files {
		if err := replace(filepath.Join(out, name), write); err != nil {
			return err
		}
	}
	return nil
}

// replace writes a file beside the old one and puts it in its place.
func replace(path string, write func(io.Writer) error) error {
	var text bytes.Buffer
	if err := write(&text); err != nil {
		return err
	}
	beside := path + ".new"
	if err := os.WriteFile(beside, text.Bytes(), 0o644); err != nil { //nolint:gosec // for whoever may read the grades
		return fmt.Errorf("write the class: %w", err)
	}
	return os.Rename(beside, path)
}
