package report

import (
	"encoding/xml"
	"fmt"
	"io"
)

// The elements of JUnit's XML, as Jenkins and Surefire have it.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"` // in seconds
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string       `xml:"classname,attr"`
		Name    string       `xml:"name,attr"`
		Time    string       `xml:"time,attr"` // in seconds
		Failure *junitDetail `xml:"failure,omitempty"`
		Skipped *junitDetail `xml:"skipped,omitempty"`
		Error   *junitDetail `xml:"error,omitempty"`
		Output  string       `xml:"system-out,omitempty"`
	}
	junitDetail struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"` // of a failure and an error
		Text    string `xml:",chardata"`
	}
)

// WriteJUnit writes the report as JUnit XML. A broken SHOULD is a failure only
// in a strict run; a case that was not run is an error, so that it never passes
// for one that was.
func (r *Report) WriteJUnit(w io.Writer) error {
	suite := junitSuite{
		Name: fmt.Sprintf("xferspec %s %s, edition %s", r.Role, printable(r.Target.String()), r.Edition), Tests: len(r.Cases),
		Time: seconds(r.DurationMs),
	}
	for _, c := range r.Cases {
		suite.add(r.junitCase(c))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	out := xml.NewEncoder(w)
	out.Indent("", "  ")
	if err := out.Encode(junitSuites{Suites: []junitSuite{suite}}); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuite) add(c junitCase) {
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

func (r *Report) junitCase(c Case) junitCase {
	out := junitCase{Class: r.Role + "." + c.Group, Name: c.ID + " " + c.Title, Time: seconds(c.DurationMs)}
	message := indent(c.withHints())
	switch {
	case c.Status == Failed, c.Status == Warned && r.Strict:
		out.Failure = &junitDetail{c.gist(), string(c.Status), message}
	case c.Status == Warned:
		out.Output = "warning\n" + message
	case c.Status == KnownFailure:
		out.Skipped = &junitDetail{Message: "known failure: " + printable(c.Reason), Text: message}
	case c.Status == NotApplicable:
		out.Skipped = &junitDetail{Message: "not applicable: " + printable(c.Reason)}
	case c.Status == NotRun:
		out.Error = &junitDetail{"not run: " + printable(firstLine(c.Reason)), string(c.Status), indent(c.Reason)}
	}
	return out
}

func seconds(ms int64) string { return fmt.Sprintf("%.3f", float64(ms)/1000) }
