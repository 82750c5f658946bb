package client

import (
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/spec"
)

// draw returns a plan with up to four rules; answers that leave open what comes
// next are less likely than others.
func draw(r *rand.Rand, ed *spec.Edition) Plan {
	p := Plan{Who: []string{"", "", returning, returning, forgotten}[r.IntN(5)]}
	p.Size = []int{0, 1, 15, 16, 1007, 1008, 1023, 1024, 2048, 5000}[r.IntN(10)]
	if r.IntN(2) == 0 {
		p.Size = r.IntN(8000)
	}
	all := slices.DeleteFunc(requests(), func(t spec.MessageType) bool { return !ed.Has(t) })
	for range r.IntN(5) {
		t := all[r.IntN(len(all))]
		if r.IntN(3) == 0 {
			t = spec.TypeFile
		}
		rule := Rule{On: t.String(), Do: deeds[t][r.IntN(len(deeds[t]))]}
		if r.IntN(2) == 0 { // what comes next is laid down
			plain := slices.DeleteFunc(slices.Clone(deeds[t]), func(deed string) bool {
				return !slices.Contains([]string{slowly, bytewise, refuse, wrongSum, forget}, deed)
			})
			rule.Do = plain[r.IntN(len(plain))]
		}
		if t == spec.TypeFile && r.IntN(3) == 0 || r.IntN(10) == 0 { // the others mostly come once
			rule.From = r.IntN(4)
		}
		if rule.Do == refuse || rule.Do == wrongSum {
			rule.Times = []int{0, 1, 2, 3, 3, 5}[r.IntN(6)]
		}
		p.Rules = append(p.Rules, rule)
	}
	return p
}

// Simpler yields plans with fewer rules, then with simpler ones.
func (s *Subject) Simpler(p Plan, _ *fuzz.Result) iter.Seq[Plan] {
	return func(yield func(Plan) bool) {
		with := func(rules []Rule) Plan { return Plan{p.Who, p.Size, rules} }
		if len(p.Rules) == 1 && !yield(with(nil)) {
			return
		}
		for rules := range fuzz.Shorter(p.Rules) {
			if !yield(with(rules)) {
				return
			}
		}
		for _, next := range []Plan{{"", p.Size, p.Rules}, {p.Who, 0, p.Rules}, {p.Who, p.Size / 2, p.Rules}} {
			if (next.Who != p.Who || next.Size != p.Size) && !yield(next) {
				return
			}
		}
		for rules := range fuzz.Changed(p.Rules, simplerRules) {
			if !yield(with(rules)) {
				return
			}
		}
	}
}

func simplerRules(r Rule) (all []Rule) {
	if r.Times > 0 {
		all = append(all, Rule{r.On, r.From, r.Times - 1, r.Do})
	}
	if r.From > 0 {
		all = append(all, Rule{r.On, r.From - 1, r.Times, r.Do})
	}
	return all
}
