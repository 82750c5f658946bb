package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed matrix.html.tmpl
var matrixPage string

var matrixTemplate = template.Must(template.New("matrix").Funcs(template.FuncMap{
	"size": SizeText,
	"mark": func(s Status) string { return marks[s] },
}).Parse(matrixPage))

// WriteMatrixHTML writes the matrix as one page that needs nothing else.
func WriteMatrixHTML(w io.Writer, m *Matrix) error {
	if err := matrixTemplate.Execute(w, m); err != nil {
		return fmt.Errorf("write the matrix: %w", err)
	}
	return nil
}
