package spec

import (
	"slices"
	"strings"
	"testing"
)

// codesOf lists the codes of some messages in the order of the protocol's table,
// 0 where the edition lacks one.
func codesOf(ed *Edition, types []MessageType) []uint16 {
	var codes []uint16
	for _, t := range types {
		code, _ := ed.Code(t)
		codes = append(codes, code)
	}
	return codes
}

func TestEditionsHaveTheNumbersOfTheTable(t *testing.T) {
	type row struct {
		name                      string
		requests                  []uint16
		responses                 []uint16
		aesBits                   int
		packetFields              bool
		packetContent             int
		repeatClientID, noPayload bool // in the crc and file messages; of thanks
		port                      uint16
		database                  string
	}
	to2107 := []uint16{2100, 2101, 2102, 2103, 2104, 2105, 2106, 2107}
	to1607 := []uint16{1600, 1601, 1602, 1603, 1604, 1605, 1606, 1607}
	table := []row{
		{"2022c", []uint16{1100, 1101, 0, 1103, 1104, 1105, 1106}, []uint16{2100, 2101, 2102, 2103, 2104, 0, 0, 0}, 128, false, 0, true, true, 1234, "server.db"},
		{"2023a", []uint16{1100, 1101, 1102, 1103, 1104, 1105, 1106}, to2107, 128, false, 0, false, false, 1234, "server.db"},
		{"2023c", []uint16{1025, 1026, 1027, 1028, 1029, 1030, 1031}, to2107, 128, false, 0, false, false, 1357, "defensive.db"},
		{"2024a", []uint16{1025, 1026, 1027, 1028, 1029, 1030, 1031}, to1607, 256, true, 1024, false, false, 1256, "defensive.db"},
		{"2024c", []uint16{825, 826, 827, 828, 900, 901, 902}, to1607, 256, true, 0, false, false, 1256, "defensive.db"},
	}
	editions := Editions()
	if len(editions) != len(table) {
		t.Fatalf("there are %d editions, want %d", len(editions), len(table))
	}
	for i, want := range table {
		ed := editions[i]
		if ed.Version != 3 {
			t.Errorf("%s: version %d, want 3", ed.Name, ed.Version)
		}
		got := row{
			ed.Name, codesOf(ed, RequestTypes()), codesOf(ed, ResponseTypes()), ed.AESBits, ed.PacketFields,
			ed.PacketContent, ed.RepeatClientID, ed.EmptyThanks, ed.DefaultPort, ed.Database,
		}
		if !slices.Equal(got.requests, want.requests) || !slices.Equal(got.responses, want.responses) {
			t.Errorf("%s: codes %v %v, want %v %v", want.name, got.requests, got.responses, want.requests, want.responses)
		}
		got.requests, got.responses, want.requests, want.responses = nil, nil, nil, nil
		if got.name != want.name || got.aesBits != want.aesBits || got.packetFields != want.packetFields ||
			got.packetContent != want.packetContent || got.repeatClientID != want.repeatClientID ||
			got.noPayload != want.noPayload || got.port != want.port || got.database != want.database {
			t.Errorf("%s:\n got %+v\nwant %+v", want.name, got, want)
		}
	}
}

func TestCodesLeadBackToTheirMessages(t *testing.T) {
	for _, ed := range Editions() {
		for _, m := range slices.Concat(RequestTypes(), ResponseTypes()) {
			code, ok := ed.Code(m)
			if ok != ed.Has(m) {
				t.Errorf("%s: Has(%s) is not what Code says", ed.Name, m)
			}
			want := m
			if !ok {
				want = TypeUnknown
			}
			back := ed.Request
			if m.IsResponse() {
				back = ed.Response
			}
			if got := back(code); got != want {
				t.Errorf("%s: code %d is %s, want %s", ed.Name, code, got, want)
			}
		}
		if code, ok := ed.Code(TypeUnknown); ok || code != 0 {
			t.Errorf("%s: the unknown message has the code %d", ed.Name, code)
		}
		if code, ok := ed.Code(typeCount); ok || code != 0 {
			t.Errorf("%s: a type past the last has the code %d", ed.Name, code)
		}
	}
}

func TestKeySize(t *testing.T) {
	for name, want := range map[string]int{"2022c": 16, "2023a": 16, "2023c": 16, "2024a": 32, "2024c": 32} {
		ed, err := LookupEdition(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := ed.KeySize(); got != want {
			t.Errorf("%s: %d bytes, want %d", name, got, want)
		}
	}
}

func TestLookupEdition(t *testing.T) {
	ed, err := LookupEdition(DefaultEdition)
	if err != nil || ed.Name != "2024a" {
		t.Errorf("the default edition is %v, %v", ed, err)
	}
	if got := EditionName("2023C"); got != "2023c" {
		t.Errorf("2023C is spelt %q", got)
	}
	_, err = LookupEdition("2024b")
	const want = `unknown edition "2024b": choose one of 2022c, 2023a, 2023c, 2024a, 2024c`
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestEditionsCannotBeChangedByCallers(t *testing.T) {
	Editions()[0] = nil
	if Editions()[0] == nil {
		t.Error("a caller's change reached the list")
	}
}

func TestEditionAdjustsClauses(t *testing.T) {
	ed, err := LookupEdition("2024c")
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]Level{"STO-3": Should, "STO-4": Should, "LGN-7": Should, "STO-6": Must} {
		clause, ok := LookupClause(id)
		if !ok {
			t.Fatalf("there is no clause %s", id)
		}
		if got := ed.Level(clause); got != want {
			t.Errorf("%s is a %s in 2024c, want %s", id, got, want)
		}
	}
	for _, id := range []string{"STO-3", "STO-4", "LGN-7"} {
		if !slices.Contains(ed.Adjusted(), id) {
			t.Errorf("%s is not among the adjusted clauses %v", id, ed.Adjusted())
		}
	}
	if !slices.IsSorted(ed.Adjusted()) {
		t.Errorf("not sorted: %v", ed.Adjusted())
	}
}

func TestExclusionsHaveTheirReason(t *testing.T) {
	ed, err := ParseEdition("x.yaml", []byte(smallEdition+"excludes:\n  - clauses: [REG-7, REG-1]\n    reason: no names\nlevels: {REG-3: SHOULD}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := ed.Excludes("REG-1"); got != "no names" {
		t.Errorf("REG-1 is excluded for %q", got)
	}
	if got := ed.Excludes("REG-2"); got != "" {
		t.Errorf("REG-2 is excluded for %q", got)
	}
	if got := strings.Join(ed.Adjusted(), " "); got != "REG-1 REG-3 REG-7" {
		t.Errorf("adjusted clauses: %s", got)
	}
}
