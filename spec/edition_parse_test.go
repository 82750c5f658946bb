package spec

import (
	"errors"
	"strings"
	"testing"
)

// smallEdition is a whole edition, the base of the faulty ones below.
const smallEdition = `name: small
version: 3
requests:
  register: 1
  public-key: 2
  login: 3
  file: 4
  crc-ok: 5
  crc-bad: 6
  crc-abort: 7
responses: {registered: 1, registration-refused: 2, key-accepted: 3, file-received: 4, thanks: 5, login-accepted: 6, login-refused: 7}
aes-bits: 256
packet-fields: true
packet-content: 1024
default-port: 1256
database: small.db
`

func TestParseEditionPointsAtTheFault(t *testing.T) {
	table := []struct {
		name     string
		old, new string // what to change in smallEdition; "" adds at the end
		want     string
	}{
		{"unknown key", "aes-bits", "aes-bitz", `x.yaml:12:1: unknown field "aes-bitz"`},
		{"unknown key deep down", "", "excludes:\n  - clauses: [REG-1]\n    reason: why\n    since: 3\n", `x.yaml:20:5: unknown field "since"`},
		{"key twice", "version: 3", "version: 3\nversion: 3", `x.yaml:3:1: mapping key "version" already defined at [2:1]`},
		{"text for a number", "aes-bits: 256", "aes-bits: many", "x.yaml:12:11: a value of type int belongs here"},
		{"list for a number", "aes-bits: 256", "aes-bits: [256]", "x.yaml:12:11: a value of type int belongs here"},
		{"fraction", "aes-bits: 256", "aes-bits: 256.5", "x.yaml:12:11: only plain whole numbers, texts, lists and tables belong here"},
		{"text for a truth value", "packet-fields: true", "packet-fields: yes", "x.yaml:13:16: a value of type bool belongs here"},
		{"number for a table", "responses: {", "responses: 5\nlevels: {", "x.yaml:11:12: int was used where mapping is expected"},
		{"text for a list", "", "excludes:\n  - clauses: REG-1\n    reason: why\n", "x.yaml:18:14: string was used where sequence is expected"},
		{"anchor", "name: small", "name: &n small", "x.yaml:1:7: only plain whole numbers, texts, lists and tables belong here"},

		{"code missing", "  file: 4\n", "", "x.yaml:3:1: the code of file is missing or 0"},
		{"code 0", "file: 4", "file: 0", "x.yaml:7:9: the code of file is missing or 0"},
		{"code empty", "file: 4", "file:", "x.yaml:7:8: the code of file is missing or 0"},
		{"code twice", "crc-ok: 5", "crc-ok: 4", "x.yaml:8:11: file and crc-ok share the code 4"},
		{"code twice, in braces", "thanks: 5", "thanks: 4", "x.yaml:11:96: file-received and thanks share the code 4"},
		{"code too large", "  login: 3", "  login: 65536", "x.yaml:6:10: 65536 does not fit into a uint16"},
		{"code negative", "  login: 3", "  login: -1", "x.yaml:6:10: -1 does not fit into a uint16"},
		{"unknown message", "  login: 3", "  logon: 3", `x.yaml:6:3: unknown message "logon"`},
		{"unknown message with odd letters", "  login: 3", "  log.in[0]: 3", `x.yaml:6:3: unknown message "log.in[0]"`},
		{"response among the requests", "  login: 3", "  thanks: 3", `x.yaml:6:3: unknown message "thanks"`},
		{"login without its answers", "login-accepted: 6, ", "", "x.yaml:3:1: login, login-accepted and login-refused go together"},
		{"no requests at all", "requests:", "levels:", "x.yaml:1:1: the code of register is missing or 0"},

		{"name missing", "name: small\n", "", "x.yaml:1:1: name is missing"},
		{"version 0", "version: 3", "version: 0", "x.yaml:2:10: version is missing or 0"},
		{"version too large", "version: 3", "version: 256", "x.yaml:2:10: 256 does not fit into a uint8"},
		{"key of another length", "aes-bits: 256", "aes-bits: 192", "x.yaml:12:11: aes-bits must be 128 or 256"},
		{"packets of odd length", "1024", "1000", "x.yaml:14:17: packet-content must be a multiple of 16"},
		{"packets of negative length", "1024", "-16", "x.yaml:14:17: packet-content must be a multiple of 16"},
		{"packets without fields", "packet-fields: true", "packet-fields: false", "x.yaml:14:17: packet-content needs packet-fields: true"},
		{"port 0", "default-port: 1256", "default-port: 0", "x.yaml:15:15: default-port is missing or 0"},
		{"port missing", "default-port: 1256\n", "", "x.yaml:1:1: default-port is missing or 0"},
		{"port too large", "default-port: 1256", "default-port: 65536", "x.yaml:15:15: 65536 does not fit into a uint16"},
		{"database empty", "database: small.db", `database: ""`, "x.yaml:16:11: database is missing"},

		{"level of no clause", "", "levels: {REG-1: SHOULD, XXX-1: MUST}\n", `x.yaml:17:25: unknown clause "XXX-1"`},
		{"first of several faults", "", "levels: {XXX-4: MUST, XXX-2: MUST, XXX-1: MUST, XXX-3: MUST}\n", `x.yaml:17:36: unknown clause "XXX-1"`},
		{"level of no kind", "", "levels:\n  REG-1: MAY\n", "x.yaml:18:10: the level of REG-1 is neither MUST nor SHOULD"},
		{"exclusion of no clause", "", "excludes:\n  - clauses: [REG-1, XXX-3]\n    reason: why\n", `x.yaml:18:22: unknown clause "XXX-3"`},
		{"exclusion without a reason", "", "excludes:\n  - {clauses: [REG-2], reason: why}\n  - clauses: [REG-1]\n", "x.yaml:19:5: an exclusion needs clauses and a reason"},
		{"exclusion without a reason, in braces", "", "excludes:\n  - {clauses: [REG-2]}\n", "x.yaml:18:5: an exclusion needs clauses and a reason"},
		{"exclusion of nothing", "", "excludes:\n  - reason: why\n", "x.yaml:18:5: an exclusion needs clauses and a reason"},
		{"excluded twice", "", "excludes:\n  - clauses: [REG-1, REG-1]\n    reason: why\n", "x.yaml:18:22: the clause REG-1 has a level or an exclusion already"},
		{"excluded and weakened", "", "levels: {REG-1: SHOULD}\nexcludes:\n  - clauses: [REG-1]\n    reason: why\n", "x.yaml:19:15: the clause REG-1 has a level or an exclusion already"},

		{"broken YAML", "version: 3", "version: 3: 4", "x.yaml:2:10: mapping value is not allowed in this context"},
		{"second document", "", "---\nname: other\n", "x.yaml:17:1: the file has a second YAML document"},
		{"only a comment", smallEdition, "# nothing\n", "x.yaml:1:1: the file is empty"},
		{"nothing", smallEdition, "", "x.yaml:1:1: the file is empty"},
		{"a list", smallEdition, "- 1\n", "x.yaml:1:1: sequence was used where mapping is expected"},
	}
	for _, row := range table {
		t.Run(row.name, func(t *testing.T) {
			if !strings.Contains(smallEdition, row.old) {
				t.Fatalf("the base has no %q", row.old)
			}
			text := smallEdition + row.new
			if row.old != "" {
				text = strings.Replace(smallEdition, row.old, row.new, 1)
			}
			_, err := ParseEdition("x.yaml", []byte(text))
			var fault *EditionError
			if !errors.As(err, &fault) {
				t.Fatalf("got %v, want an EditionError", err)
			}
			if fault.Error() != row.want {
				t.Errorf("\n got %s\nwant %s", fault, row.want)
			}
		})
	}
}

func TestParseEditionTakesWhatIsRight(t *testing.T) {
	ed, err := ParseEdition("x.yaml", []byte(smallEdition))
	if err != nil {
		t.Fatal(err)
	}
	if ed.Has(TypeError) || !ed.Has(TypeLogin) || ed.Response(7) != TypeLoginRefused {
		t.Errorf("the codes came out as %v", ed.codes)
	}
}

func FuzzParseEdition(f *testing.F) {
	entries, err := editionFiles.ReadDir("editions")
	if err != nil {
		f.Fatal(err)
	}
	for _, entry := range entries {
		text, err := editionFiles.ReadFile("editions/" + entry.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(smallEdition + "levels: {XXX-1: MUST}\nexcludes:\n  - clauses: [REG-1]\n    reason: why\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		ed, err := ParseEdition("x.yaml", text)
		if err == nil {
			if ed.Name == "" || !ed.Has(TypeRegister) || !ed.Has(TypeThanks) {
				t.Errorf("an edition without a name or a code was accepted: %+v", ed)
			}
			return
		}
		var fault *EditionError
		if !errors.As(err, &fault) || fault.Line < 1 || fault.Column < 1 || fault.Reason == "" {
			t.Errorf("an error without a place or a reason: %#v", err)
		}
	})
}
