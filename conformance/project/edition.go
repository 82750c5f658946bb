package project

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/spec"
)

var number = regexp.MustCompile(`\b[0-9]{3,4}\b`)

// numbersIn returns the numbers of three or four digits in a text, as codes.
func numbersIn(text string) map[uint16]bool {
	all := map[uint16]bool{}
	for _, digits := range number.FindAllString(text, -1) {
		n, _ := strconv.Atoi(digits) // the pattern has checked it
		all[uint16(n)] = true
	}
	return all
}

// Edition returns the edition whose codes are in the programs that were found. If
// nothing tells, it is the default one, and a doubt.
func (p *Project) Edition() string {
	codes := map[uint16]bool{}
	for _, c := range []*Candidate{p.Server, p.Client} {
		if c != nil {
			for code := range c.codes {
				codes[code] = true
			}
		}
	}
	var fitting []string
	most := 0
	for _, ed := range spec.Editions() {
		n := codesOf(ed, codes)
		if n > most {
			most, fitting = n, nil
		}
		if n == most && n > 0 {
			fitting = append(fitting, ed.Name)
		}
	}
	switch len(fitting) {
	case 0:
		p.Doubts = append(p.Doubts, fmt.Sprintf("nothing here tells the edition, %s is assumed: if it is another, change it in %s", spec.DefaultEdition, config.Name))
		return spec.DefaultEdition
	case 1:
		return fitting[0]
	}
	last := fitting[len(fitting)-1]
	if slices.Contains(fitting, spec.DefaultEdition) {
		last = spec.DefaultEdition
	}
	p.Doubts = append(p.Doubts, fmt.Sprintf("the codes are those of edition %s, %s is assumed: if it is another, change it in %s", strings.Join(fitting, " and "), last, config.Name))
	return last
}

// codesOf counts how many codes of an edition there are; none without its first
// request and the answer to it, from which programs often count on.
func codesOf(ed *spec.Edition, codes map[uint16]bool) (n int) {
	for _, t := range []spec.MessageType{spec.TypeRegister, spec.TypeRegistered} {
		if code, ok := ed.Code(t); !ok || !codes[code] {
			return 0
		}
	}
	for code := range codes {
		if ed.Request(code) != 0 || ed.Response(code) != 0 {
			n++
		}
	}
	return n
}
