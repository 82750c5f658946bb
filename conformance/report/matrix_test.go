package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func cells(statuses ...Status) *Matrix {
	m := &Matrix{}
	for i, status := range statuses {
		c := Cell{Edition: "2024a", Server: "s", Client: "c", Plan: "none", Size: i, Status: status}
		if status != Passed {
			c.Reason = "because <b>\x1b[31m| of *this*\nand more"
		}
		m.Cells = append(m.Cells, c)
	}
	m.Finish()
	return m
}

// A matrix in which something was not run, or nothing at all, is never conformant.
func TestMatrixVerdict(t *testing.T) {
	for _, tt := range []struct {
		statuses []Status
		want     int
	}{
		{[]Status{Passed, Passed}, ExitConformant},
		{[]Status{Passed, NotRun}, ExitIncomplete},
		{[]Status{NotRun}, ExitIncomplete},
		{nil, ExitIncomplete},
		{[]Status{Passed, Failed, NotRun}, ExitNonConformant},
	} {
		if got := cells(tt.statuses...).ExitStatus(); got != tt.want {
			t.Errorf("%v: exit status %d, want %d", tt.statuses, got, tt.want)
		}
	}
}

func TestMatrixGrids(t *testing.T) {
	m := &Matrix{}
	for _, plan := range []string{"none", "bytes"} {
		for _, server := range []string{"a", "b"} {
			for _, size := range []int{0, 1024, 1_000_000} {
				m.Cells = append(m.Cells, Cell{Plan: plan, Server: server, Client: "c", Size: size})
			}
		}
	}
	grids := m.Grids()
	if len(grids) != 2 || len(grids[0].Rows) != 2 || len(grids[1].Sizes) != 3 {
		t.Fatalf("%+v", grids)
	}
	if c := grids[1].Rows[1].Cells[2]; c.Plan != "bytes" || c.Server != "b" || c.Size != 1_000_000 {
		t.Errorf("the last cell is %+v", c)
	}
}

// What an implementation has printed is in the reasons, and steers no view.
func TestMatrixViewsAreTame(t *testing.T) {
	m := cells(Passed, Failed, NotRun)
	var text, md, page bytes.Buffer
	for w, write := range map[*bytes.Buffer]func(*Matrix) error{
		&text: func(m *Matrix) error { return WriteMatrixText(&text, m) },
		&md:   func(m *Matrix) error { return WriteMatrixMarkdown(&md, m) },
		&page: func(m *Matrix) error { return WriteMatrixHTML(&page, m, "") },
	} {
		if err := write(m); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(w.String(), "because") || !strings.Contains(w.String(), "FAILED") {
			t.Errorf("what went wrong is missing in\n%s", w)
		}
	}
	if strings.Contains(text.String(), "\x1b[31m|") || strings.Contains(md.String(), "\x1b") {
		t.Error("an escape sequence reaches the terminal")
	}
	if strings.Contains(page.String(), "because <b>") || !strings.Contains(md.String(), `because \<b\>`) || !strings.Contains(md.String(), `\| of \*this\*`) {
		t.Error("a reason is taken for markup")
	}
}

func TestMatrixJSON(t *testing.T) {
	var b bytes.Buffer
	if err := cells(Passed, Failed).WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var again Matrix
	if err := json.Unmarshal(b.Bytes(), &again); err != nil || again.Schema != MatrixSchema || again.Counts.Planned != 2 || again.Cells[1].Status != Failed {
		t.Errorf("%v: %+v", err, again)
	}
}

func TestSizeText(t *testing.T) {
	for size, want := range map[int]string{0: "0 B", 1: "1 B", 1023: "1023 B", 1024: "1 KiB", 1000: "1 kB", 20_000_000: "20 MB", 10 << 20: "10 MiB"} {
		if got := SizeText(size); got != want {
			t.Errorf("%d: %s, want %s", size, got, want)
		}
	}
}
