package conformance

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/spec"
)

// DigestsFile is where the digests are, from the root of the repository.
const DigestsFile = "conformance/clauses.digests"

//go:embed clauses.digests
var digestsText []byte

// Digests are those of the clauses, by id, as they were when somebody last looked
// whether their cases still test what they say.
type Digests map[string]string

// ClauseDigest changes with the level, the roles and the text of a clause, and
// with its being withdrawn.
func ClauseDigest(c spec.Clause) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%s", c.Level, c.Roles, c.Text, c.Withdrawn))
	return hex.EncodeToString(sum[:8])
}

// AcknowledgedDigests returns those that this program was built with.
func AcknowledgedDigests() (Digests, error) { return parseDigests(digestsText) }

// parseDigests reads a line for each clause, its id and its digest.
func parseDigests(text []byte) (Digests, error) {
	d := Digests{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		words := strings.Fields(lines.Text())
		switch {
		case len(words) == 0 || strings.HasPrefix(words[0], "#"):
		case len(words) != 2:
			return nil, fmt.Errorf("%s, line %d: want a clause and its digest", DigestsFile, n)
		case d[words[0]] != "":
			return nil, fmt.Errorf("%s, line %d: %s is there twice", DigestsFile, n, words[0])
		default:
			d[words[0]] = words[1]
		}
	}
	return d, lines.Err()
}

// Stale is a clause that is not what it was when its cases were last looked at.
type Stale struct {
	ID   string
	What string // "has changed", "is new" or "is gone"
}

// Stale returns the clauses that have to be looked at, in the order of the text,
// then those that are gone from it.
func (d Digests) Stale(clauses []spec.Clause) (all []Stale) {
	gone := maps.Clone(d)
	for _, c := range clauses {
		switch digest, ok := d[c.ID]; {
		case !ok:
			all = append(all, Stale{c.ID, "is new"})
		case digest != ClauseDigest(c):
			all = append(all, Stale{c.ID, "has changed"})
		}
		delete(gone, c.ID)
	}
	for _, id := range slices.Sorted(maps.Keys(gone)) {
		all = append(all, Stale{id, "is gone"})
	}
	return all
}

// AcknowledgeClauses notes in the file at a path that the cases of these clauses have
// been looked at.
func AcknowledgeClauses(path string, clauses []spec.Clause, ids ...string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("note that a clause was looked at, in a clone of the repository: %w", err)
	}
	d, err := parseDigests(text)
	if err != nil {
		return err
	}
	for _, id := range ids {
		at := slices.IndexFunc(clauses, func(c spec.Clause) bool { return c.ID == id })
		switch _, known := d[id]; {
		case at >= 0:
			d[id] = ClauseDigest(clauses[at])
		case known:
			delete(d, id)
		default:
			return UnknownClause(id)
		}
	}
	return os.WriteFile(path, d.format(clauses), 0o644) //nolint:gosec // a source file
}

// format writes the digests in the order of the text.
func (d Digests) format(clauses []spec.Clause) []byte {
	text := []byte("# The clauses as they were when their cases were last looked at; see CONTRIBUTING.md.\n")
	rest := maps.Clone(d)
	for _, c := range clauses {
		if digest, ok := d[c.ID]; ok {
			text = fmt.Appendf(text, "%s %s\n", c.ID, digest)
			delete(rest, c.ID)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(rest)) {
		text = fmt.Appendf(text, "%s %s\n", id, rest[id])
	}
	return text
}
