package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"unicode/utf8"
)

// badge is what there is on one, in the form of shields.io's endpoint.
type badge struct {
	SchemaVersion int    `json:"schemaVersion"` // 1
	Label         string `json:"label"`
	Message       string `json:"message"`
	Color         string `json:"color"` // white text on it can be read
}

var badgeColors = map[Verdict]string{Conformant: "#1a7f37", NonConformant: "#cf222e", Incomplete: "#6e4bb8"}

func (r *Report) badge() badge {
	message := string(r.outcome())
	switch {
	case r.Fault != "":
		message = "fault of the suite"
	case r.Counts.Failed > 0:
		message = fmt.Sprintf("%s, %d failed", message, r.Counts.Failed)
	case r.Counts.NotRun > 0:
		message = fmt.Sprintf("%s, %d not run", message, r.Counts.NotRun)
	case r.Counts.Warned > 0:
		message = fmt.Sprintf("%s, %d warned", message, r.Counts.Warned)
	}
	return badge{1, fmt.Sprintf("xferspec %s %s", r.Role, printable(r.Edition)), message, badgeColors[r.outcome()]}
}

// WriteBadge writes the verdict in a few words for shields.io's endpoint badge.
func (r *Report) WriteBadge(w io.Writer) error {
	if err := writeJSON(w, r.badge()); err != nil {
		return fmt.Errorf("write the badge: %w", err)
	}
	return nil
}

//go:embed badge.svg.tmpl
var badgeDrawing string

var badgeTemplate = template.Must(template.New("badge").Funcs(template.FuncMap{
	"add":   func(a, b int) int { return a + b },
	"half":  func(a int) int { return a / 2 },
	"width": badgeWidth,
}).Parse(badgeDrawing))

// badgeWidth is the width of a text in pixels, its margins included. The drawing
// fits the text to it, whatever the font.
func badgeWidth(text string) int { return 7*utf8.RuneCountInString(text) + 12 }

// WriteBadgeSVG writes the same badge as a picture that needs nothing else.
func (r *Report) WriteBadgeSVG(w io.Writer) error {
	if err := badgeTemplate.Execute(w, r.badge()); err != nil {
		return fmt.Errorf("write the badge: %w", err)
	}
	return nil
}
