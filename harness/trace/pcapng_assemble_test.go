package trace

import (
	"bytes"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestDisorder repeats, overlaps and reorders the packets of a conversation: both
// directions come out as they were sent.
func TestDisorder(t *testing.T) {
	ed := edition(t, "2024a")
	whole := recorded(t, ed)
	whole.Events = append(whole.Events, Event{At: time.Second, Dir: ToClient, Kind: End})
	all := packets(t, captureOf(t, []*Transcript{whole}))
	rapid.Check(t, func(rt *rapid.T) {
		mixed := slices.Clone(all[3:])
		for range rapid.IntRange(0, 10).Draw(rt, "repeats") {
			i := rapid.IntRange(0, len(mixed)-1).Draw(rt, "which")
			mixed = slices.Insert(mixed, rapid.IntRange(i, len(mixed)).Draw(rt, "where"), mixed[i])
		}
		for range rapid.IntRange(0, 10).Draw(rt, "swaps") {
			i, j := rapid.IntRange(0, len(mixed)-1).Draw(rt, "one"), rapid.IntRange(0, len(mixed)-1).Draw(rt, "other")
			mixed[i], mixed[j] = mixed[j], mixed[i]
		}
		got := assembled(t, append(slices.Clone(all[:3]), mixed...))
		if len(got) != 1 {
			rt.Fatalf("%d connections", len(got))
		}
		for _, dir := range directions {
			if !bytes.Equal(got[0].stream(dir).data, whole.stream(dir).data) {
				rt.Errorf("direction %s differs", dir)
			}
			ends := slices.DeleteFunc(slices.Clone(got[0].Events), func(e Event) bool { return e.Dir != dir || e.Kind == Data })
			if len(ends) != 1 || ends[0].Kind != End {
				rt.Errorf("direction %s ended by %v", dir, ends)
			}
		}
	})
}

// TestOverlap: a segment that begins with what was there before.
func TestOverlap(t *testing.T) {
	tr := &Transcript{Events: []Event{{Dir: ToServer, Data: []byte("abcd")}, {At: 1000, Dir: ToServer, Data: []byte("efgh")}}}
	all := packets(t, captureOf(t, []*Transcript{tr}))
	longer := packets(t, captureOf(t, []*Transcript{{Events: []Event{{Dir: ToServer, Data: []byte("abcdef")}}}}))[3]
	got := assembled(t, []packet{all[0], all[3], longer, all[5]})
	var events []string
	for _, e := range got[0].Events {
		events = append(events, string(e.Data))
	}
	if want := []string{"abcd", "ef", "gh"}; !slices.Equal(events, want) {
		t.Errorf("got %q, want %q", events, want)
	}
}

// TestGap: what follows a gap that nothing fills is counted, not kept.
func TestGap(t *testing.T) {
	tr := &Transcript{Events: []Event{
		{Dir: ToServer, Data: []byte("first")}, {Dir: ToServer, Data: []byte("missing")},
		{Dir: ToServer, Data: []byte("last")}, {Dir: ToServer, Kind: End},
	}}
	all := packets(t, captureOf(t, []*Transcript{tr}))
	got := assembled(t, slices.Delete(slices.Clone(all), 5, 6))[0]
	want := []Event{{Dir: ToServer, Data: []byte("first")}, {Dir: ToServer, Kind: Cut}, {Dir: ToServer, Kind: End}}
	if !reflect.DeepEqual(got.Events, want) || got.Dropped != 4 {
		t.Errorf("%v, %d dropped", got.Events, got.Dropped)
	}

	// A bare acknowledgement shows the gap too.
	tr.Events[3] = Event{Dir: ToClient, Data: []byte("answer")}
	all = packets(t, captureOf(t, []*Transcript{tr}))
	got = assembled(t, slices.Delete(slices.Clone(all), 5, 9))[0]
	if len(got.Events) != 3 || got.Events[2].Kind != Cut {
		t.Errorf("%v", got.Events)
	}
}

// TestWaitingIsBounded sends much behind a gap.
func TestWaitingIsBounded(t *testing.T) {
	tr := &Transcript{Events: []Event{{Dir: ToServer, Data: []byte("missing")}}}
	size := 0
	for range maxWaiting + 1 {
		tr.Events = append(tr.Events, Event{Dir: ToServer, Data: []byte("x")})
		size++
	}
	all := packets(t, captureOf(t, []*Transcript{tr}))
	got := assembled(t, slices.Delete(all, 3, 4))[0]
	if len(got.Events) != 1 || got.Events[0].Kind != Cut || got.Dropped != int64(size) {
		t.Errorf("%d events, %d of %d bytes dropped", len(got.Events), got.Dropped, size)
	}
}

// TestPortReuse: another SYN is another connection, the same SYN is not.
func TestPortReuse(t *testing.T) {
	tr := recorded(t, edition(t, "2024a"))
	again := *tr
	again.Start = tr.Start.Add(time.Minute)
	all := packets(t, captureOf(t, []*Transcript{tr, &again}))
	if got := assembled(t, append(all[:1:1], all...)); len(got) != 2 || len(got[0].Events) != len(got[1].Events) {
		t.Errorf("%d connections", len(got))
	}
}

func TestReadPcapngRefuses(t *testing.T) {
	good := captureOf(t, []*Transcript{recorded(t, edition(t, "2024a"))})
	udp := captureOf(t, []*Transcript{{}})
	for at := bytes.Index(udp, []byte{64, 6}); at >= 0; at = bytes.Index(udp, []byte{64, 6}) {
		udp[at+1] = 17 // the protocol that the IP header names
	}
	section, _, _ := bytes.Cut(good, []byte{6, 0, 0, 0}) // up to the first packet
	if got, _ := ReadPcapng(bytes.NewReader(good[:len(good)-30])); len(got) != 1 || len(got[0].Events) < 8 {
		t.Errorf("of a capture that was cut is left %+v", got)
	}
	for _, test := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "not a capture: it has 0 bytes"},
		{"short", good[:3], "not a capture: it has 3 bytes"},
		{"another format", []byte("hello"), "not a capture: it begins with 68 65 6c 6c"},
		{"cut section header", good[:20], "not a capture: unexpected EOF"},
		{"no packets", section, "the capture has no packets"},
		{"cut packet", good[:len(good)-30], "packet 25: unexpected EOF"},
		{"no TCP", udp, "no TCP connection among 3 packets of link type Raw"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := ReadPcapng(bytes.NewReader(test.file)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want …%s…", err, test.want)
			}
		})
	}
}

func TestReadPcapngIsBounded(t *testing.T) {
	tr := recorded(t, edition(t, "2024a"))
	file := captureOf(t, []*Transcript{tr, tr})
	for want, change := range map[string]func(*captureLimits){
		"longer than 1000 bytes":  func(l *captureLimits) { l.file = 1000 },
		"more than 5 packets":     func(l *captureLimits) { l.packets = 5 },
		"more than 1 connections": func(l *captureLimits) { l.connections = 1 },
		"more than 0 MiB of data": func(l *captureLimits) { l.kept = 1000 },
	} {
		limits := defaultLimits
		change(&limits)
		if _, err := readCapture(bytes.NewReader(file), limits); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want …%s…", err, want)
		}
	}
	endless := io.MultiReader(bytes.NewReader(file), endless(0))
	if _, err := readCapture(endless, captureLimits{1 << 20, 1 << 20, 10, 1 << 20}); err == nil {
		t.Error("an endless capture was read")
	}
}

// TestDirectionIsBounded: of a direction as much is kept as a recorder keeps.
func TestDirectionIsBounded(t *testing.T) {
	tr := &Transcript{Events: []Event{{Dir: ToServer, Data: make([]byte, MaxLimit+1000)}}}
	got, err := ReadPcapng(bytes.NewReader(captureOf(t, []*Transcript{tr})))
	if err != nil {
		t.Fatal(err)
	}
	kept := len(got[0].stream(ToServer).data)
	last := got[0].Events[len(got[0].Events)-1]
	if last.Kind != Cut || kept > MaxLimit || int64(kept)+got[0].Dropped != MaxLimit+1000 {
		t.Errorf("%d bytes kept, %d dropped, the last event is %s", kept, got[0].Dropped, last.Kind)
	}
}

func FuzzReadPcapng(f *testing.F) {
	for _, name := range []string{"loopback.pcapng", "any.pcap"} {
		file, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	tr := recorded(f, edition(f, "2022c"))
	tr.Client, tr.Events = "[::1]:5", append(tr.Events, Event{At: time.Hour, Dir: ToClient, Kind: Cut})
	f.Add(captureOf(f, []*Transcript{tr, {Note: "empty"}}))
	f.Fuzz(func(t *testing.T, file []byte) {
		first, err := ReadPcapng(bytes.NewReader(file))
		if err != nil {
			return
		}
		for _, tr := range first {
			annotated(t, edition(t, "2024a"), tr, false)
		}
		second, err := ReadPcapng(bytes.NewReader(captureOf(t, first)))
		if err != nil || len(second) != len(first) {
			t.Fatalf("%d connections, written and read again %d, %v", len(first), len(second), err)
		}
	})
}
