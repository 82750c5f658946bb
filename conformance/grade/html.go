package grade

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"net/url"

	"github.com/xferspec/xferspec/spec"
)

var (
	//go:embed class.html.tmpl
	classPage string
	//go:embed class.css
	classStyle template.CSS
	//go:embed class.js
	classScript template.JS

	classTemplate = template.Must(template.New("class").Funcs(template.FuncMap{
		"clean": clean, "first": firstLine, "number": number, "plural": plural,
		"folder": func(name string) string { return "submissions/" + url.PathEscape(name) + "/" },
		"text": func(id string) string {
			c, _ := spec.LookupClause(id)
			return c.Text
		},
		"style":  func() template.CSS { return classStyle },
		"script": func() template.JS { return classScript },
		"policy": func() string {
			return fmt.Sprintf("default-src 'none'; img-src data:; style-src %s; script-src %s; base-uri 'none'; form-action 'none'",
				contentHash(string(classStyle)), contentHash(string(classScript)))
		},
	}).Parse(classPage))
)

func contentHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// WriteHTML writes the class as one page that needs nothing else but the
// reports to which it links. Whatever a submission says stays text.
func (s *Sheet) WriteHTML(w io.Writer) error {
	if err := classTemplate.Execute(w, s); err != nil {
		return fmt.Errorf("write the class: %w", err)
	}
	return nil
}
