package report

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"
)

// HTMLOptions is what the page shows beside the report.
type HTMLOptions struct {
	Folder string  // where the paths of the traces begin
	Matrix *Matrix // may be nil; the paths of its captures begin at the working directory

	// Traces are those of each case, by its id, where the report names none: they
	// are not there any more when the page is read.
	Traces map[string][]string
}

// WriteHTML writes the report as one page that needs nothing else: no network,
// and no file beside it. The conversations are read from the report's traces,
// those of failed cases first, until the page is large enough.
func (r *Report) WriteHTML(w io.Writer, opt HTMLOptions) error {
	if err := r.seal(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	page := htmlPage{Report: r, Outcome: r.outcome()}
	space := newPageSpace(opt.Folder)
	space.talks.passing = opt.Traces
	page.fill(space)
	if opt.Matrix != nil {
		space.talks.folder = ""
		page.Matrix = newHTMLMatrix(opt.Matrix, space)
	}
	if err := pages.ExecuteTemplate(w, "report.html.tmpl", &page); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

//go:embed *.html.tmpl
var pageFiles embed.FS

// Style and script are in the page, and the page's policy lets nothing else act:
// whatever a target says stays text.
var (
	//go:embed style.css
	pageStyle template.CSS
	//go:embed report.js
	pageScript template.JS

	pages = newPages()
)

// NewPage returns the template of a page that looks like those of the reports: its
// text may use the template "head" and the functions of theirs, and others besides.
func NewPage(text string, others template.FuncMap) *template.Template {
	return template.Must(newPages().New("page").Funcs(others).Parse(text))
}

func newPages() *template.Template {
	return template.Must(template.New("pages").Funcs(template.FuncMap{
		"size":  SizeText,
		"mark":  func(s Status) string { return marks[s] },
		"clean": printable,
		"lines": PlainText,
		"quote": clauseHTML,
		"file":  func() string { return clauseFile },
		"barLength": func(parts []barPart) int {
			n := 0
			for _, part := range parts {
				n += part.Len
			}
			return n
		},
		"style":  func() template.CSS { return pageStyle },
		"script": func() template.JS { return pageScript },
		"policy": func() string {
			return fmt.Sprintf("default-src 'none'; img-src data:; style-src %s; script-src %s; base-uri 'none'; form-action 'none'",
				contentHash(string(pageStyle)), contentHash(string(pageScript)))
		},
	}).ParseFS(pageFiles, "*.html.tmpl"))
}

func contentHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// htmlPage is what the template sees.
type htmlPage struct {
	*Report
	Matrix   *htmlMatrix
	Outcome  Verdict
	Sections []htmlSection // the cases, by status
	Groups   []htmlGroup
	Slowest  []htmlTime
}

// htmlSection is the cases with one status.
type htmlSection struct {
	Status Status
	Cases  []*htmlCase
}

// pageOrder is the order in which the page shows the cases: what needs a look first.
var pageOrder = []Status{Failed, Warned, NotRun, KnownFailure, Passed, NotApplicable}

// slowest is how many of the slowest cases are shown.
const slowest = 10

// pageSpace is what is left of a page.
type pageSpace struct {
	talks conversationReader
	texts room
}

func newPageSpace(folder string) *pageSpace {
	return &pageSpace{conversationReader{folder: folder, room: pageRoom}, textRoom}
}

func (p *htmlPage) fill(space *pageSpace) {
	var all []*htmlCase
	for _, status := range pageOrder {
		section := htmlSection{Status: status}
		for _, c := range p.rootsFirst(status) {
			section.Cases = append(section.Cases, p.htmlCase(c, space))
		}
		all = append(all, section.Cases...)
		if len(section.Cases) > 0 {
			p.Sections = append(p.Sections, section)
		}
	}
	converse(all, &space.talks)
	for _, g := range grouped(p.Cases, byDescribe) {
		p.Groups = append(p.Groups, newHTMLGroup(g))
	}
	p.Slowest = slowestOf(p.Cases)
}

// Bar is that of the whole run.
func (p *htmlPage) Bar() []barPart { return bar(p.Cases) }

// Duration is that of the run, as people say it.
func (p *htmlPage) Duration() time.Duration { return p.duration() }

// When is the time at which the run began.
func (p *htmlPage) When() string { return p.Started.UTC().Format("2 January 2006, 15:04:05 UTC") }

// Remarks are what has to be known of the run as a whole.
func (p *htmlPage) Remarks() []string {
	remarks := slices.Clone(p.Notes)
	if p.Reason != "" {
		remarks = slices.Insert(remarks, 0, p.Reason)
	}
	if p.Fault != "" {
		remarks = slices.Insert(remarks, 0, "Fault of the suite: "+strings.TrimSpace(p.Fault))
	}
	return remarks
}
