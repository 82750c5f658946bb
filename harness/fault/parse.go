package fault

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/harness/yamltext"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// maxFaults bounds a plan.
const maxFaults = 1000

// ParsePlan reads a plan; path is what errors call it. What is wrong with the
// text is an *Error. A plan that names no edition has to fit one of them, and
// Plan.For reads it for another.
func ParsePlan(path string, text []byte) (*Plan, error) {
	tree, err := yamltext.Parse(text)
	if fault, ok := errors.AsType[*yamltext.Error](err); ok {
		return nil, &Error{path, fault.Line, fault.Column, fault.Reason}
	}
	if err != nil {
		return nil, err
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		return nil, &Error{path, 1, 1, "a plan is one YAML document, with a list of faults"}
	}
	p := reader{path: path}
	table := p.table(tree.Docs[0].Body, "a plan", "seed", "edition", "faults")
	plan := &Plan{path: path, named: table["edition"], faults: table["faults"]}
	if seed := table["seed"]; seed != nil {
		plan.Seed = p.number(seed, 0, 1<<64-1)
	}
	if plan.faults == nil {
		p.fail(tree.Docs[0].Body, "a plan has a list of faults; it may be empty: faults: []")
	}
	editions := p.editions(plan.named)
	if p.err != nil {
		return nil, p.err
	}
	return plan.readFirst(editions)
}

// editions returns those that a plan may be for, the most likely first.
func (p *reader) editions(named ast.Node) []*spec.Edition {
	name := spec.DefaultEdition
	if named != nil {
		name = p.text(named)
	}
	ed, err := spec.LookupEdition(name)
	switch {
	case err != nil:
		p.fail(named, "%v", err)
		return nil
	case named != nil:
		return []*spec.Edition{ed}
	}
	return append([]*spec.Edition{ed}, spec.Editions()...)
}

// readFirst reads the plan for the first edition that it fits, or says why it
// does not fit the first.
func (p *Plan) readFirst(editions []*spec.Edition) (*Plan, error) {
	var first error
	for _, ed := range editions {
		plan, err := p.read(ed)
		if err == nil {
			return plan, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// read returns the plan with its faults read for an edition.
func (p *Plan) read(ed *spec.Edition) (*Plan, error) {
	plan := *p
	plan.Edition, plan.Faults = ed, nil
	r := reader{path: p.path, ed: ed}
	list, ok := p.faults.(*ast.SequenceNode)
	switch {
	case !ok:
		r.fail(p.faults, "a list belongs here")
	case len(list.Values) > maxFaults:
		r.fail(p.faults, "%d faults, more than %d", len(list.Values), maxFaults)
	default:
		for _, node := range list.Values {
			plan.Faults = append(plan.Faults, r.fault(node))
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	return &plan, nil
}

// matching are the keys that say which frames a fault is about.
var matching = []string{"to", "message", "where", "occurrence"}

// fault reads one fault.
func (p *reader) fault(node ast.Node) Fault {
	f := Fault{First: 1}
	table := p.table(node, "a fault", append(actionNames(), matching...)...)
	if table == nil {
		return f
	}
	f.To = p.directions(table["to"])
	if message := table["message"]; message != nil {
		f.Message = p.message(message, f.To)
		f.To = []trace.Direction{directionOf(f.Message)}
	}
	fields := scopeOf(p.ed, &f)
	if where := table["where"]; where != nil {
		f.Where = p.conditions(where, fields)
	}
	if occurrence := table["occurrence"]; occurrence != nil {
		f.First, f.Last = p.occurrence(occurrence)
	}
	var does []string
	for _, name := range actionNames() {
		if table[name] != nil {
			does = append(does, name)
		}
	}
	if len(does) != 1 {
		p.fail(node, "a fault does one thing, this does %s: choose one of %s", orNothing(does), strings.Join(actionNames(), ", "))
		return f
	}
	p.action(&f, fields, does[0], table[does[0]])
	return f
}

func orNothing(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, " and ")
}

func (p *reader) directions(node ast.Node) []trace.Direction {
	both := []trace.Direction{trace.ToServer, trace.ToClient}
	if node == nil {
		return both
	}
	switch p.text(node) {
	case "both":
		return both
	case "server":
		return both[:1]
	case "client":
		return both[1:]
	}
	p.fail(node, "%q is none of server, client and both", p.text(node))
	return both
}

func directionOf(t spec.MessageType) trace.Direction {
	if t.IsResponse() {
		return trace.ToClient
	}
	return trace.ToServer
}

// message reads the name of a message that travels in one of the directions.
func (p *reader) message(node ast.Node, to []trace.Direction) spec.MessageType {
	var names []string
	for _, t := range append(spec.RequestTypes(), spec.ResponseTypes()...) {
		if !p.ed.Has(t) || !slices.Contains(to, directionOf(t)) {
			continue
		}
		if t.String() == p.text(node) {
			return t
		}
		names = append(names, t.String())
	}
	p.fail(node, "%q is no message that travels there in edition %s: choose one of %s", p.text(node), p.ed.Name, strings.Join(names, ", "))
	return spec.TypeUnknown
}

func (p *reader) conditions(node ast.Node, fields scope) []Condition {
	var where []Condition
	for name, value := range p.entries(node, "a condition") {
		field, ok := p.field(name, p.text(name), fields)
		if !ok {
			continue
		}
		if field.Size == 0 {
			p.fail(name, "the %s is of any length, no condition can be about it", field.Name)
			continue
		}
		c := Condition{field.Name, p.value(value, field)}
		if whole := field.Kind == wire.KindText || len(c.Value) == field.Size; !whole {
			p.fail(value, "field %q has %d bytes, not %d", field.Name, field.Size, len(c.Value))
		}
		where = append(where, c)
	}
	return where
}

// occurrence reads n, n-m or n-; last is 0 for no end.
func (p *reader) occurrence(node ast.Node) (first, last int) {
	from, to, ranged := strings.Cut(p.text(node), "-")
	first, err := strconv.Atoi(from)
	switch {
	case err != nil:
	case !ranged:
		last = first
	case to != "":
		last, err = strconv.Atoi(to)
	}
	if err != nil || first < 1 || last != 0 && last < first || to == "0" {
		p.fail(node, "%q is no occurrence: write 2 for the second, 1-3 for the first three, 2- for all but the first", p.text(node))
	}
	return first, last
}
