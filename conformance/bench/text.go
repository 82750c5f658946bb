package bench

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// table writes rows whose columns are aligned.
type table struct{ *tabwriter.Writer }

func newTable(w io.Writer, heads ...string) table {
	t := table{tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)}
	t.row(heads...)
	return t
}

// row writes a row; its first column is aligned to the left by the space after it.
func (t table) row(cells ...string) { fmt.Fprintln(t.Writer, strings.Join(cells, "\t")+"\t") }

func (t table) end() { _ = t.Flush() } // what is below keeps the error

// WriteText writes the result as tables for a terminal.
func (r *Result) WriteText(w io.Writer) error {
	var b strings.Builder
	for i, t := range r.Targets {
		fmt.Fprintf(&b, "\n%s%s %s\n", r.letter(i), r.Role, printable(t.String()))
		r.writeLoads(&b, i)
		if r.Role == spec.Server.String() {
			r.writeAnswers(&b, i)
		}
	}
	if len(r.Targets) > 1 {
		r.writeRatios(&b)
	}
	r.writeFailures(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// letter is how a target is called where there are two.
func (r *Result) letter(i int) string {
	if len(r.Targets) == 1 {
		return ""
	}
	return string(rune('A'+i)) + ": "
}

// of returns the median sample of a target under a load, by throughput.
func (o Outcome) of(target int) (Sample, bool) {
	var all []Sample
	var rates []float64
	for _, s := range o.Samples {
		if s.Target == target {
			all = append(all, s)
			rates = append(rates, s.Throughput())
		}
	}
	if len(all) == 0 {
		return Sample{}, false
	}
	best, middle := all[0], Median(rates)
	for _, s := range all {
		if abs(s.Throughput()-middle) < abs(best.Throughput()-middle) {
			best = s
		}
	}
	return best, true
}

func abs(x float64) float64 { return max(x, -x) }

func (r *Result) writeLoads(w io.Writer, target int) {
	isServer := r.Role == spec.Server.String()
	heads := []string{"clients", "file", "files", "MB/s", "files/s", "answer", "p99", "max", "CPU", "memory", "own CPU", "failed"}
	if !isServer {
		heads = []string{"client", "file", "runs", "MB/s", "on the wire", "run", "p99", "max", "CPU", "memory", "own CPU", "failed"}
	}
	t := newTable(w, heads...)
	for _, o := range r.Loads {
		s, ok := o.of(target)
		if !ok {
			continue
		}
		who, fifth, timed := fmt.Sprint(o.Clients), figure(s.FilesPerSecond()), spec.TypeFile.String()
		if !isServer {
			who, timed = o.who(), timeOfRun
			fifth = "–"
			if rate := s.wire(o.Size); rate > 0 {
				fifth = figure(rate/1e6) + " MB/s"
			}
		}
		l, _ := s.Latency(timed)
		t.row(who, report.SizeText(int(o.Size)), fmt.Sprint(s.Files), figure(s.Throughput()/1e6), fifth,
			ms(l.P50), ms(l.P99), ms(l.Max), s.cores(), s.memory(), percent(s.OwnCPUMs, s.WallMs), cmp.Or(strings.TrimPrefix(fmt.Sprint(s.Failed()), "0"), "–"))
	}
	t.end()
}

// wire is how fast a client's file of a size came, in bytes per second; 0 for one
// that was there at once.
func (s Sample) wire(size int64) float64 {
	l, ok := s.Latency(timeOfTransfer)
	if !ok || size <= chunkSize {
		return 0
	}
	return perSecond(float64(size), l.P50)
}

func (o Outcome) who() string {
	if o.Returning {
		return "known"
	}
	return "new"
}

// cores is how much of a processor the target took.
func (s Sample) cores() string {
	if s.CPUMs == nil {
		return "–"
	}
	return percent(*s.CPUMs, s.WallMs)
}

func (s Sample) memory() string {
	if s.Peak == nil {
		return "–"
	}
	return fmt.Sprintf("%.1f MiB", float64(*s.Peak)/(1<<20))
}

func percent(part, whole float64) string {
	if whole <= 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*part/whole)
}

// ms writes milliseconds with three digits.
func ms(value float64) string {
	if value == 0 {
		return "–"
	}
	return figure(value) + " ms"
}

// printable replaces what could steer a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

// figure writes a number with three digits, or more before the point.
func figure(value float64) string {
	switch {
	case value >= 100:
		return fmt.Sprintf("%.0f", value)
	case value >= 10:
		return fmt.Sprintf("%.1f", value)
	case value >= 1:
		return fmt.Sprintf("%.2f", value)
	}
	return fmt.Sprintf("%.3f", value)
}

// writeAnswers tells how long the answers to all requests took.
func (r *Result) writeAnswers(w io.Writer, target int) {
	fmt.Fprintln(w)
	t := newTable(w, "answer to", "clients", "file", "times", "p50", "p90", "p99", "max")
	row := func(l Latency, clients, file string) {
		t.row(l.What, clients, file, fmt.Sprint(l.Count), ms(l.P50), ms(l.P90), ms(l.P99), ms(l.Max))
	}
	for _, l := range r.Greetings[target] {
		row(l, "", "")
	}
	for _, what := range []spec.MessageType{spec.TypeFile, spec.TypeCRCOK} {
		for _, o := range r.Loads {
			s, _ := o.of(target)
			if l, ok := s.Latency(what.String()); ok {
				row(l, fmt.Sprint(o.Clients), report.SizeText(int(o.Size)))
			}
		}
	}
	t.end()
}

func (r *Result) writeRatios(w io.Writer) {
	fmt.Fprintf(w, "\nA / B: the median of the ratios of neighbours, the smallest and the largest\n")
	clients, latency := "clients", "answer to a file"
	if r.Role == spec.Client.String() {
		clients, latency = "client", "time of a run"
	}
	t := newTable(w, clients, "file", "throughput", latency, "CPU per byte", "memory")
	for _, o := range r.Loads {
		if o.Ratios == nil {
			continue
		}
		who := fmt.Sprint(o.Clients)
		if r.Role == spec.Client.String() {
			who = o.who()
		}
		t.row(who, report.SizeText(int(o.Size)), ratioText(o.Ratios.Throughput), ratioText(o.Ratios.Latency), ratioText(o.Ratios.CPU), ratioText(o.Ratios.Peak))
	}
	t.end()
}

func ratioText(r *Ratio) string {
	if r == nil {
		return "–"
	}
	return r.String()
}

func (r *Result) writeFailures(w io.Writer) {
	for _, o := range r.Loads {
		for _, s := range o.Samples {
			for _, f := range s.Failures {
				fmt.Fprintf(w, "\nfailed %d× under %s: %s%s\n    first: %s\n", f.Count, o.Load, r.letter(s.Target), printable(f.What), printable(f.Example))
			}
		}
	}
	if r.Reason != "" {
		fmt.Fprintf(w, "\nnot all was measured, %s\n", printable(r.Reason))
	}
	if n := r.full(); n > 0 {
		fmt.Fprintf(w, "\nIn %d of %d measurements the machine was busy to the last: these figures are of target and generator together.\n", n, r.samples())
	}
}

// Above this share of all processors, taken by target and generator, or of one by
// the generator for one client, both slow each other down.
const busy = 0.95

// full counts the samples in which there was no processor time left.
func (r *Result) full() (n int) {
	for _, o := range r.Loads {
		for _, s := range o.Samples {
			taken := s.OwnCPUMs
			if s.CPUMs != nil {
				taken += *s.CPUMs
			}
			if r.Role == spec.Server.String() && s.WallMs > 0 && (taken > busy*s.WallMs*float64(r.Machine.CPUs) || o.Clients == 1 && s.OwnCPUMs > busy*s.WallMs) {
				n++
			}
		}
	}
	return n
}

func (r *Result) samples() (n int) {
	for _, o := range r.Loads {
		n += len(o.Samples)
	}
	return n
}
