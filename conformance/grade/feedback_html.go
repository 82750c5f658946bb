package grade

import (
	"bytes"
	"fmt"
	"html/template"
	"io"

	"github.com/russross/blackfriday/v2"
)

var (
	feedbackTemplate = template.Must(template.New("feedback").Funcs(template.FuncMap{
		"clean": clean,
		"style": func() template.CSS { return classStyle },
		"policy": func() string {
			return fmt.Sprintf("default-src 'none'; img-src data:; style-src %s; base-uri 'none'; form-action 'none'", contentHash(string(classStyle)))
		},
	}).Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{{clean .Name}}</title>
<style>{{style}}</style>
</head>
<body class="feedback">
{{.Body}}</body>
</html>
`))
)

// fromMarkdown makes HTML of the Markdown that WriteFeedback writes. Markup in
// it, and links that run code, are left out.
func fromMarkdown(text []byte) []byte {
	return blackfriday.Run(text,
		blackfriday.WithExtensions(blackfriday.Tables|blackfriday.FencedCode|blackfriday.SpaceHeadings|blackfriday.NoIntraEmphasis),
		blackfriday.WithRenderer(blackfriday.NewHTMLRenderer(blackfriday.HTMLRendererParameters{Flags: blackfriday.SkipHTML | blackfriday.Safelink})))
}

// WriteFeedbackHTML writes the page of WriteFeedback for a browser.
func (s *Sheet) WriteFeedbackHTML(w io.Writer, g *Graded) error {
	var text bytes.Buffer
	if err := s.WriteFeedback(&text, g); err != nil {
		return err
	}
	page := struct {
		Name string
		Body template.HTML
	}{g.Name, template.HTML(fromMarkdown(text.Bytes()))} //nolint:gosec // what was a text stays one: markdown and quoted see to it, and the policy
	if err := feedbackTemplate.Execute(w, page); err != nil {
		return fmt.Errorf("write the feedback: %w", err)
	}
	return nil
}
