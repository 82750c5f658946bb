package bench

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"time"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

//go:embed bench.html.tmpl
var pageText string

// WriteHTML writes the result as one page that needs nothing else.
func (r *Result) WriteHTML(w io.Writer) error {
	page := report.NewPage(pageText, template.FuncMap{
		"size": func(n int64) string { return report.SizeText(int(n)) },
		"ms":   ms, "figure": figure, "percent": percent, "ratio": ratioText,
		"million": func(v float64) string { return figure(v / 1e6) },
	})
	if err := page.Execute(w, &htmlPage{r}); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// htmlPage is what the template sees.
type htmlPage struct{ *Result }

// Duration is that of all, as people say it.
func (p *htmlPage) Duration() time.Duration {
	return (time.Duration(p.DurationMs) * time.Millisecond).Round(100 * time.Millisecond)
}

// When is the time at which it began.
func (p *htmlPage) When() string { return p.Started.UTC().Format("2 January 2006, 15:04:05 UTC") }

// IsServer says whether servers were measured.
func (p *htmlPage) IsServer() bool { return p.Role == spec.Server.String() }

// Word is how it went.
func (p *htmlPage) Word() string {
	if p.Failed() > 0 {
		return "failed"
	}
	if p.Reason != "" {
		return "incomplete"
	}
	return "passed"
}

// htmlTarget is a target with its rows.
type htmlTarget struct {
	Name, Letter string
	Rows         []htmlRow
	Answers      []htmlAnswer
}

// htmlRow is a load and the median sample of it.
type htmlRow struct {
	Outcome
	Sample
	Timed Latency // answer to a file, or the run of a client
}

// Who is the clients of a load in one word.
func (r htmlRow) Who() string { return r.who() }

// WireRate is how fast a file of a client came, in bytes per second; 0 for one that
// was there at once.
func (r htmlRow) WireRate() float64 { return r.wire(r.Size) }

// CPU is the processor time of the target, as a share of one processor.
func (r htmlRow) CPU() string { return r.cores() }

// Memory is the most that the target had.
func (r htmlRow) Memory() string { return r.memory() }

// htmlAnswer is how long answers took; of those before files the load is empty.
type htmlAnswer struct {
	Latency
	Load
}

// Sides returns the targets.
func (p *htmlPage) Sides() (sides []htmlTarget) {
	for i, t := range p.Targets {
		side := htmlTarget{Name: t.String(), Letter: p.letter(i)}
		if i < len(p.Greetings) {
			for _, l := range p.Greetings[i] {
				side.Answers = append(side.Answers, htmlAnswer{Latency: l})
			}
		}
		for _, o := range p.Loads {
			s, ok := o.of(i)
			if !ok {
				continue
			}
			row := htmlRow{Outcome: o, Sample: s}
			row.Timed, _ = s.Latency(p.timed())
			side.Rows = append(side.Rows, row)
			if p.IsServer() {
				for _, l := range s.Latencies {
					side.Answers = append(side.Answers, htmlAnswer{l, o.Load})
				}
			}
		}
		sides = append(sides, side)
	}
	return sides
}

func (r *Result) timed() string {
	if r.Role == spec.Client.String() {
		return timeOfRun
	}
	return spec.TypeFile.String()
}

// measure is a figure that there is a chart of.
type measure struct {
	title, unit string
	of          func(s Sample) float64
}

var (
	byThroughput = measure{"Throughput", "MB/s", func(s Sample) float64 { return s.Throughput() / 1e6 }}
	byFiles      = measure{"Files", "files/s", Sample.FilesPerSecond}
	byMemory     = measure{"Most memory", "MiB", func(s Sample) float64 {
		if s.Peak == nil {
			return 0
		}
		return float64(*s.Peak) / (1 << 20)
	}}
)

// p99 is how long something took at most, but for one in a hundred.
func p99(what, title string) measure {
	return measure{title, "ms", func(s Sample) float64 {
		l, _ := s.Latency(what)
		return l.P99
	}}
}

// Charts returns what there is to see.
func (p *htmlPage) Charts() (charts []chart) {
	add := func(c chart, ok bool) {
		if ok {
			charts = append(charts, c)
		}
	}
	bySize := p.where(func(l Load) bool { return l.Clients == 1 && (l.Returning || p.IsServer()) })
	if !p.IsServer() {
		add(p.overSizes(byThroughput, "of whole runs", bySize))
		add(p.overSizes(p99(timeOfRun, "Time of a run, 99 % within"), "", bySize))
		add(p.overSizes(byMemory, "", bySize))
		return charts
	}
	add(p.overSizes(byThroughput, "of one client", bySize))
	add(p.overSizes(p99(p.timed(), "Answer to a file of one client, 99 % within"), "", bySize))
	several := p.where(func(l Load) bool { return l.Clients > 1 })
	add(p.overClients(byThroughput, several))
	add(p.overClients(byFiles, several))
	add(p.overClients(p99(p.timed(), "Answer to a file, 99 % within"), several))
	add(p.overClients(byMemory, several))
	return charts
}

func (p *htmlPage) where(is func(Load) bool) (some []Outcome) {
	for _, o := range p.Loads {
		if is(o.Load) {
			some = append(some, o)
		}
	}
	return some
}

// overSizes draws a figure over the sizes of files, a line for each target.
func (p *htmlPage) overSizes(m measure, who string, loads []Outcome) (chart, bool) {
	var places []string
	for _, o := range loads {
		places = append(places, report.SizeText(int(o.Size)))
	}
	var all []series
	for i := range p.Targets {
		s := series{p.lineName(i, ""), map[int]float64{}}
		for at, o := range loads {
			if sample, ok := o.of(i); ok {
				s.values[at] = m.of(sample)
			}
		}
		all = append(all, s)
	}
	title := m.title
	if who != "" {
		title += " " + who
	}
	return newChart(title+", by the size of the file", m.unit, places, all)
}

// overClients draws a figure over numbers of clients, a line for each target and
// size of file.
func (p *htmlPage) overClients(m measure, loads []Outcome) (chart, bool) {
	var numbers []int
	var sizes []int64
	for _, o := range loads {
		if !slices.Contains(numbers, o.Clients) {
			numbers = append(numbers, o.Clients)
		}
		if !slices.Contains(sizes, o.Size) {
			sizes = append(sizes, o.Size)
		}
	}
	slices.Sort(numbers)
	var places []string
	for _, n := range numbers {
		places = append(places, fmt.Sprint(n))
	}
	var all []series
	for _, size := range sizes {
		for i := range p.Targets {
			s := series{p.lineName(i, report.SizeText(int(size))), map[int]float64{}}
			for _, o := range loads {
				if sample, ok := o.of(i); ok && o.Size == size {
					s.values[slices.Index(numbers, o.Clients)] = m.of(sample)
				}
			}
			all = append(all, s)
		}
	}
	return newChart(m.title+", by the number of clients", m.unit, places, all)
}

// lineName is how a line is called.
func (p *htmlPage) lineName(target int, size string) string {
	name := printable(p.Targets[target].String())
	if len(p.Targets) > 1 {
		name = p.letter(target) + name
	}
	if size == "" {
		return name
	}
	if len(p.Targets) == 1 {
		return "files of " + size
	}
	return name + ", files of " + size
}
