package vectors_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/vectors"
)

// heads returns what all vectors of the data files have, by file.
func heads(t *testing.T) map[string][]vectors.Head {
	t.Helper()
	names, err := filepath.Glob("data/*.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]vectors.Head{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file vectors.File[vectors.Head]
		if err := json.Unmarshal(text, &file); err != nil {
			t.Fatal(err)
		}
		all[name] = file.Vectors
	}
	return all
}

func TestCount(t *testing.T) {
	n := 0
	for _, list := range heads(t) {
		n += len(list)
	}
	if set := load(t); set.Count() != n || n < 250 {
		t.Errorf("%d vectors are counted, %d in the files, at least 250 are wanted", set.Count(), n)
	}
}

// An id is permanent: it says what the vector is, not where it stands.
func TestIDs(t *testing.T) {
	form := regexp.MustCompile(`^(msg|neg|conv|cksum|key|unwrap|cbc|state)(-[a-z0-9]+)+$`)
	owner := map[string]string{}
	for name, list := range heads(t) {
		for _, head := range list {
			if !form.MatchString(head.ID) {
				t.Errorf("%s: the id %q is not of the form of its kind", name, head.ID)
			}
			if owner[head.ID] != "" {
				t.Errorf("%s is in %s and in %s", head.ID, name, owner[head.ID])
			}
			owner[head.ID] = name
			if strings.Contains(head.Comment, "\n") || head.Comment == "" {
				t.Errorf("%s: the comment is not one line", head.ID)
			}
		}
	}
}

// Every message of every edition has a plain vector, and one cut in each field.
func TestEveryMessage(t *testing.T) {
	set := load(t)
	plain, cuts := map[string]bool{}, map[string]int{}
	for _, m := range set.Messages {
		plain[m.ID] = true
	}
	for _, n := range set.Negatives {
		if before, _, ok := strings.Cut(n.ID, "-cut-in-"); ok {
			cuts[before]++
		}
	}
	for _, ed := range spec.Editions() {
		for _, message := range append(spec.RequestTypes(), spec.ResponseTypes()...) {
			if !ed.Has(message) {
				continue
			}
			if id := fmt.Sprintf("msg-%s-%s", ed.Name, message); !plain[id] {
				t.Errorf("there is no %s", id)
			}
			if id := fmt.Sprintf("neg-%s-%s", ed.Name, message); ed.Name == spec.DefaultEdition && cuts[id] < 2 {
				t.Errorf("%s is not cut in every field", id)
			}
		}
	}
}

func TestLengths(t *testing.T) {
	set := load(t)
	sums := map[int]bool{}
	for _, c := range set.Cksums {
		sums[c.Length] = true
	}
	for _, n := range []int{0, 1, 255, 256, 257, 65535, 65536, 1 << 20} {
		if !sums[n] {
			t.Errorf("no checksum of %d bytes", n)
		}
	}
	files := map[[2]int]bool{}
	for _, c := range set.CBCs {
		if c.Breaks == "" {
			files[[2]int{len(c.Key), len(c.Plaintext)}] = true
		}
	}
	for n := range 34 {
		if !files[[2]int{16, n}] || !files[[2]int{32, n}] {
			t.Errorf("no ciphertext of %d bytes with both lengths of key", n)
		}
	}
}

func TestDataStaysSmall(t *testing.T) {
	const most = 1536 << 10
	var size int64
	for name := range heads(t) {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
	}
	if size > most {
		t.Errorf("data has %d bytes, at most %d are wanted", size, most)
	}
}
