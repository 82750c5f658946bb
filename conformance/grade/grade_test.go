package grade

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func edition(t *testing.T) *spec.Edition {
	t.Helper()
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	check(t, err)
	return ed
}

// reported makes a finished report of a server.
func reported(cases ...report.Case) *report.Report {
	r := &report.Report{Role: "server", Edition: spec.DefaultEdition, Cases: cases}
	r.Finish()
	return r
}

func aCase(id string, status report.Status, clauses ...string) report.Case {
	return report.Case{ID: id, Title: "does it", Status: status, Clauses: clauses, Repeat: "xferspec test server --case " + id}
}

func TestStates(t *testing.T) {
	consequence := aCase("d", report.Failed, "FIL-9")
	consequence.ConsequenceOf = "a"
	got := states(reported(
		aCase("a", report.Passed, "REG-3"), aCase("b", report.Failed, "REG-3", "REG-4"), aCase("c", report.Warned, "REG-5"),
		consequence, aCase("e", report.NotRun, "CRC-2"), aCase("f", report.NotApplicable, "STO-4"), aCase("g", report.KnownFailure, "KEY-2"),
	))
	want := map[string]State{"REG-3": Broken, "REG-4": Broken, "REG-5": Warned, "FIL-9": Unseen, "CRC-2": Unseen, "KEY-2": Held}
	if len(got) != len(want) {
		t.Errorf("%v", got)
	}
	for id, state := range want {
		if got[id] != state {
			t.Errorf("%s is %q, want %q", id, got[id], state)
		}
	}
}

func TestPoints(t *testing.T) {
	rubric := &config.Rubric{Parts: []config.RubricPart{
		{Name: "share", Role: "server", Clauses: []string{"REG-3", "REG-4", "REG-6"}, Points: 10},
		{Name: "all", Role: "server", Clauses: []string{"REG-3", "REG-6"}, Points: 4, Rule: config.All},
		{Name: "whole", Role: "server", Clauses: []string{"REG-3"}, Points: 2.5, Rule: config.All},
		{Name: "should", Role: "server", Clauses: []string{"REG-5"}, Points: 1},
		{Name: "must that was warned about", Role: "server", Clauses: []string{"REG-4"}, Points: 1},
		{Name: "nobody's", Role: "client", Clauses: []string{"REG-1"}, Points: 50},
	}}
	scale := NewScale(rubric, edition(t), []string{"server"})
	if scale.Total != 18.5 || len(scale.Parts) != 5 {
		t.Errorf("%+v", scale)
	}
	of := map[string]map[string]State{"server": {"REG-3": Held, "REG-4": Warned, "REG-5": Warned, "REG-6": Broken}}
	parts, sum := scale.points(edition(t), of)
	if want := []float64{6.67, 0, 2.5, 0, 1}; !slices.Equal(parts, want) || sum != 10.17 {
		t.Errorf("%v, %g", parts, sum)
	}
	// What was not seen earns nothing.
	if _, sum := scale.points(edition(t), nil); sum != 0 {
		t.Errorf("%g points for nothing", sum)
	}
	if _, sum := scale.points(edition(t), map[string]map[string]State{"server": {"REG-3": Unseen}}); sum != 0 {
		t.Errorf("%g points for what was not seen", sum)
	}
}

func TestOutcome(t *testing.T) {
	both := []string{"server", "client"}
	for _, test := range []struct {
		server, client Outcome
		want           Outcome
	}{
		{Conformant, Conformant, Conformant},
		{Conformant, NonConformant, NonConformant},
		{Conformant, "", Incomplete},
		{NonConformant, NotRun, Incomplete},
		{Incomplete, NonConformant, Incomplete},
		{NotRun, NotRun, NotRun},
		{"", "", NotRun},
	} {
		r := Result{Roles: map[string]RoleResult{}}
		for role, outcome := range map[string]Outcome{"server": test.server, "client": test.client} {
			if outcome != "" {
				r.Roles[role] = RoleResult{Outcome: outcome}
			}
		}
		if got := r.Outcome(both); got != test.want {
			t.Errorf("%s and %s make %s, want %s", test.server, test.client, got, test.want)
		}
	}
}

// sheetOf makes a sheet of submissions with a server each.
func sheetOf(t *testing.T, reports map[string]*report.Report) (*Sheet, map[string]*Graded) {
	t.Helper()
	class := &Class{Edition: spec.DefaultEdition, Roles: []spec.Role{spec.Server}}
	graded := map[string]*Graded{}
	for name, r := range reports {
		class.Submissions = append(class.Submissions, Submission{Name: name})
		graded[name] = &Graded{Result: Result{Name: name, Roles: map[string]RoleResult{}}, Reports: map[string]*report.Report{}}
		if r != nil {
			graded[name].Reports["server"] = r
			graded[name].Roles["server"] = RoleResult{Report: true, Outcome: map[report.Verdict]Outcome{report.Conformant: Conformant, report.NonConformant: NonConformant, report.Incomplete: Incomplete}[r.Verdict]}
		} else {
			graded[name].Reason = "<b>nothing</b> to run"
		}
	}
	slices.SortFunc(class.Submissions, func(a, b Submission) int { return strings.Compare(a.Name, b.Name) })
	rubric := &config.Rubric{Name: "names", Parts: []config.RubricPart{{Name: "a", Role: "server", Clauses: []string{"REG-3"}, Points: 5}}}
	sheet, err := NewSheet(class, Settings{Isolation: Sandbox}, report.Suite{Version: "v"}, NewScale(rubric, edition(t), []string{"server"}), graded)
	check(t, err)
	return sheet, graded
}

func TestSheet(t *testing.T) {
	good, bad := reported(aCase("a", report.Passed, "REG-3")), reported(aCase("a", report.Failed, "REG-3"))
	for _, test := range []struct {
		reports map[string]*report.Report
		status  int
	}{
		{map[string]*report.Report{"x": good}, report.ExitConformant},
		{map[string]*report.Report{"x": good, "y": bad}, report.ExitNonConformant},
		{map[string]*report.Report{"x": good, "y": bad, "z": nil}, report.ExitIncomplete},
		{map[string]*report.Report{}, report.ExitIncomplete},
	} {
		if sheet, _ := sheetOf(t, test.reports); sheet.ExitStatus() != test.status {
			t.Errorf("%v: exit status %d, want %d", test.reports, sheet.ExitStatus(), test.status)
		}
	}
	sheet, _ := sheetOf(t, map[string]*report.Report{"x": bad, "y": good, "z": nil})
	if got := sheet.Ranked(); got[0].Name != "y" || got[0].Points != 5 || got[1].Points != 0 {
		t.Errorf("%+v", got)
	}
	if len(sheet.Clauses) != 1 || sheet.Clauses[0].Broken != 1 || sheet.Clauses[0].Held != 1 || !slices.Equal(sheet.Clauses[0].Who, []string{"x"}) {
		t.Errorf("%+v", sheet.Clauses)
	}
}

func TestNothingInATableIsAFormula(t *testing.T) {
	names := []string{"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "plain"}
	reports := map[string]*report.Report{}
	for _, name := range names {
		reports[name] = nil
	}
	sheet, _ := sheetOf(t, reports)
	var text bytes.Buffer
	check(t, sheet.WriteCSV(&text))
	rows, err := csv.NewReader(&text).ReadAll()
	check(t, err)
	for _, row := range rows[1:] {
		if row[0] != "plain" && !strings.HasPrefix(row[0], "'") {
			t.Errorf("%q is taken for a formula", row[0])
		}
	}
}

func TestPagesTakeNothingForMarkup(t *testing.T) {
	const name = "<script>alert(1)</script>[x](javascript:y)"
	sheet, graded := sheetOf(t, map[string]*report.Report{name: nil})
	var page, feedback, feedbackPage bytes.Buffer
	check(t, sheet.WriteHTML(&page))
	check(t, sheet.WriteFeedback(&feedback, graded[name]))
	check(t, sheet.WriteFeedbackHTML(&feedbackPage, graded[name]))
	if text := feedbackPage.String(); strings.Contains(text, "<script") || strings.Contains(text, "<b>nothing") || strings.Contains(text, "href=\"java") ||
		!strings.Contains(text, "<h1>&lt;script&gt;alert(1)&lt;/script&gt;[x](javascript:y)</h1>") || !strings.Contains(text, "&lt;b&gt;nothing&lt;/b&gt; to run") {
		t.Errorf("%s", text)
	}
	if strings.Contains(page.String(), "<script>alert") || strings.Contains(page.String(), "<b>nothing") {
		t.Errorf("%s", page.String())
	}
	if !strings.Contains(feedback.String(), `# \<script\>alert(1)\</script\>\[x\](javascript:y)`) || strings.Contains(feedback.String(), "\n<b>") {
		t.Errorf("%s", feedback.String())
	}
}

func TestRemark(t *testing.T) {
	for reason, want := range map[string]string{
		"the server ended with exit status 1 after 182ms, before it was ready at 127.0.0.1:11973\n      File \"/tmp/xferspec-grade-4/xferspec-server-2/main.py\"\n    SyntaxError: invalid syntax": "the server ended with exit status 1 before it was ready: SyntaxError: invalid syntax",
		"the server ended with exit status 2 after 1.2s, before it was ready at [::1]:3\n    python3: can't open file '/tmp/xferspec-server-17/main.py': no such file":                             "the server ended with exit status 2 before it was ready: python3: can't open file 'main.py': no such file",
		"the server at 127.0.0.1:80 was not ready after 5s: refused": "the server was not ready: refused",
		"its time was up, after 15m0s":                               "its time was up, after 15m0s",
		"the folder is empty\n":                                      "the folder is empty",
	} {
		if got := Remark(reason); got != want {
			t.Errorf("%q\nbecomes %q\nwant    %q", reason, got, want)
		}
	}
}

func TestThePageSaysWhatItLacks(t *testing.T) {
	sheet, _ := sheetOf(t, map[string]*report.Report{"x": nil})
	sheet.Missing, sheet.MissingWhy, sheet.Cases = []string{"y"}, "the moon was full", []string{"SRV-REG-01"}
	var page bytes.Buffer
	check(t, sheet.WriteHTML(&page))
	for _, want := range []string{"1 submission: ", "1 submission<", "1 has no result: the moon was full.", "Partial: only SRV-REG-01 was run."} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("no %q in\n%s", want, page.String())
		}
	}
}

func TestInspect(t *testing.T) {
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, "a"), []byte("text"), 0o600))
	check(t, os.Symlink("a", filepath.Join(dir, "b")))
	first, reason, err := inspect(dir, 100)
	if err != nil || reason != "" {
		t.Fatalf("%q %v", reason, err)
	}
	check(t, os.WriteFile(filepath.Join(dir, "a"), []byte("next"), 0o600))
	if second, _, _ := inspect(dir, 100); second == first {
		t.Error("a change goes unnoticed")
	}
	if _, reason, err := inspect(dir, 3); err != nil || !strings.Contains(reason, "more than is allowed") {
		t.Errorf("%q %v", reason, err)
	}
	for _, to := range []string{"/etc/passwd", "../x"} {
		check(t, os.Symlink(to, filepath.Join(dir, "c")))
		if _, reason, err := inspect(dir, 100); err != nil || !strings.Contains(reason, "leads outside") {
			t.Errorf("%s: %q %v", to, reason, err)
		}
		check(t, os.Remove(filepath.Join(dir, "c")))
	}
}

func TestFindKeepsSubmissionsApart(t *testing.T) {
	class := t.TempDir()
	put := func(name, text string) {
		check(t, os.MkdirAll(filepath.Join(class, name), 0o755))
		if text != "" {
			check(t, os.WriteFile(filepath.Join(class, name, config.Name), []byte(text), 0o600))
		}
	}
	put("address", "server: {addr: 127.0.0.1:22}\n")
	put("above", "server: {dir: .., run: [x]}\n")
	put("absolute", "server: {dir: /etc, run: [x]}\n")
	put("built", "server: {build: ../x}\n")
	put("broken", "server: [")
	put("other", "edition: 2022c\nserver: {run: [x]}\n")
	put("plain", "")
	check(t, os.WriteFile(filepath.Join(class, "plain", "main.py"), nil, 0o600))
	put("empty", "")
	check(t, os.WriteFile(filepath.Join(class, "empty", ".gitkeep"), nil, 0o600))
	put("__MACOSX", "")
	put(".hidden", "")
	template := filepath.Join(t.TempDir(), "class.yaml")
	check(t, os.WriteFile(template, []byte("server: {run: [python3, main.py]}\n"), 0o600))
	found, err := Find(class, Asked{Template: template})
	check(t, err)
	for _, s := range found.Submissions {
		if (s.Reason == "") != (s.Name == "plain") {
			t.Errorf("%s: %q", s.Name, s.Reason)
		}
		if s.Name == "empty" && s.Reason != "the folder is empty" {
			t.Errorf("%q", s.Reason)
		}
	}
	if len(found.Submissions) != 8 || len(found.Roles) != 1 {
		t.Errorf("%+v", found)
	}
}

func TestCollect(t *testing.T) {
	result := func(digest string) string {
		out := t.TempDir()
		check(t, os.MkdirAll(Folder(out, ".partial-1"), 0o755))
		check(t, complete(Folder(out, ".partial-1"), Folder(out, "x"), &Result{Name: "x", Digest: digest}))
		return out
	}
	out := t.TempDir()
	first := result("1")
	check(t, Collect(out, []string{first, first}))
	if _, err := readResult(Folder(out, "x")); err != nil {
		t.Error(err)
	}
	if err := Collect(out, []string{result("2")}); err == nil || !strings.Contains(err.Error(), "two results") {
		t.Errorf("%v", err)
	}
}

// What was partial in the shards is partial in the whole.
func TestSelected(t *testing.T) {
	shard := func(cases ...string) string {
		out := t.TempDir()
		check(t, os.MkdirAll(Folder(out, ".partial-1"), 0o755))
		check(t, complete(Folder(out, ".partial-1"), Folder(out, "x"), &Result{Name: "x", Cases: cases}))
		return out
	}
	if cases, err := Selected([]string{shard("SRV-REG-01"), shard("SRV-REG-01")}); err != nil || !slices.Equal(cases, []string{"SRV-REG-01"}) {
		t.Errorf("%v, %v", cases, err)
	}
	if cases, err := Selected([]string{shard(), shard()}); err != nil || cases != nil {
		t.Errorf("%v, %v", cases, err)
	}
	if _, err := Selected([]string{shard("SRV-REG-01"), shard()}); err == nil || !strings.Contains(err.Error(), "only SRV-REG-01") {
		t.Errorf("a part and the whole: %v", err)
	}
}

// Everybody is judged by the same requirements, whoever asks for others.
func TestRequirementsOfAClass(t *testing.T) {
	for name, test := range map[string]struct {
		asked, template string
		own             []string // of submissions; "" for a file that names none
		want            string
		differ          int
	}{
		"nobody says":          {own: []string{"", ""}, want: "next"},
		"the flag":             {asked: "1.0", template: "next", own: []string{"", "next", "1.0"}, want: "1.0", differ: 1},
		"the template":         {template: "1.0", own: []string{"", "next"}, want: "1.0", differ: 1},
		"all say the same":     {own: []string{"1.0", "1.0"}, want: "1.0"},
		"one says otherwise":   {own: []string{"1.0", "next"}, want: "next", differ: 1},
		"one says nothing":     {own: []string{"1.0", ""}, want: "next", differ: 1},
		"for all of the class": {asked: "next", own: []string{"1.0", "1.0"}, want: "next", differ: 2},
	} {
		t.Run(name, func(t *testing.T) {
			class, file := t.TempDir(), func(requirements string) string {
				if requirements != "" {
					requirements = "requirements: " + requirements + "\n"
				}
				return requirements + "server: {run: [x]}\n"
			}
			for i, own := range test.own {
				folder := filepath.Join(class, string(rune('a'+i)))
				check(t, os.Mkdir(folder, 0o755))
				check(t, os.WriteFile(filepath.Join(folder, config.Name), []byte(file(own)), 0o600))
			}
			asked := Asked{Requirements: test.asked}
			if test.template != "" {
				asked.Template = filepath.Join(t.TempDir(), "class.yaml")
				check(t, os.WriteFile(asked.Template, []byte(file(test.template)), 0o600))
			}
			found, err := Find(class, asked)
			check(t, err)
			differ := 0
			for _, s := range found.Submissions {
				if found.Differs(s) != "" {
					differ++
				}
			}
			if found.Requirements != test.want || differ != test.differ {
				t.Errorf("%s, %d differ", found.Requirements, differ)
			}
			r := Runner{Settings: Settings{Edition: found.Edition, Requirements: found.Requirements, TimeScale: 1}}
			args := strings.Join(r.suiteArgs(spec.Server, found.Submissions[0].Targets[spec.Server], nil, "out"), " ")
			if strings.Contains(args, "--requirements 1.0") != (test.want == "1.0") {
				t.Errorf("%s", args)
			}
		})
	}
}
