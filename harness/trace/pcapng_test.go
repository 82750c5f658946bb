package trace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"github.com/xferspec/xferspec/spec"
)

// captureOf returns the capture of transcripts.
func captureOf(t testing.TB, transcripts []*Transcript) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := WritePcapng(&file, transcripts); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// packets returns the packets of a capture.
func packets(t testing.TB, file []byte) []packet {
	t.Helper()
	in, err := pcapgo.NewNgReader(bytes.NewReader(file), pcapgo.NgReaderOptions{WantMixedLinkType: true})
	if err != nil {
		t.Fatal(err)
	}
	var all []packet
	for {
		data, info, options, err := in.ReadPacketDataWithOptions()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, packet{info, layers.LinkTypeRaw, data, options.Comments})
	}
}

// TestPcapngRoundTrip writes conversations of every edition into one capture and reads them again.
func TestPcapngRoundTrip(t *testing.T) {
	var want []*Transcript
	for i, ed := range spec.Editions() {
		tr := recorded(t, ed)
		tr.Client = fmt.Sprintf("127.0.0.1:%d", 40000+i)
		tr.Events = inSegments(tr.Events)
		want = append(want, tr)
	}
	want[1].Client, want[1].Server, want[1].Note = "[fd00::1]:5", "[fd00::2]:6", "a note"
	want[2].Start = want[2].Start.Add(-time.Hour)
	want[3].Events[len(want[3].Events)-1].Kind = Reset
	want[4].Secrets = testSecrets(t)
	got, err := ReadPcapng(bytes.NewReader(captureOf(t, want)))
	if err != nil {
		t.Fatal(err)
	}
	want[0], want[1], want[2] = want[2], want[0], want[1] // in the order of their first packets
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

// inSegments cuts events as they are cut on the way.
func inSegments(events []Event) []Event {
	var cut []Event
	for _, e := range events {
		for ; len(e.Data) > mss; e.Data = e.Data[mss:] {
			cut = append(cut, Event{At: e.At, Dir: e.Dir, Data: e.Data[:mss]})
		}
		cut = append(cut, e)
	}
	return cut
}

// TestPcapngPackets looks at the packets of one small conversation.
func TestPcapngPackets(t *testing.T) {
	comments := []Comment{
		{ToServer, 1, -1, "the whole frame"}, {ToServer, 1, 18, "the\ncode"}, {ToServer, 1, mss, "the last"},
		{ToServer, 1, 9999, "beyond"}, {ToClient, 1, -1, "an answer"}, {ToClient, 2, -1, "no second answer"}, {Text: "everything"},
	}
	tr := &Transcript{Edition: "2023c", Note: "by hand", Comments: comments, Events: []Event{
		{At: time.Second, Dir: ToServer, Data: bytes.Repeat([]byte("q"), mss+1)},
		{At: 2 * time.Second, Dir: ToClient, Data: []byte("a")},
		{At: 3 * time.Second, Dir: ToServer, Kind: Cut},
		{At: 4 * time.Second, Dir: ToServer, Kind: End},
		{At: 5 * time.Second, Dir: ToClient, Kind: Reset},
	}}
	const want = `0 49153>1357 S seq 65536 ack 0, 0 bytes; xferspec-edition: 2023c; xferspec-note: by hand
0 1357>49153 SA seq 98304 ack 65537, 0 bytes
0 49153>1357 A seq 65537 ack 98305, 0 bytes
1 49153>1357 A seq 65537 ack 98305, 1460 bytes; the whole frame; byte 18 of the frame:
the
code
1 49153>1357 AP seq 66997 ack 98305, 1 bytes; byte 1460 of the frame: the last; byte 9999 of the frame: beyond
1 1357>49153 A seq 98305 ack 66998, 0 bytes
2 1357>49153 AP seq 98305 ack 66998, 1 bytes; an answer
2 49153>1357 A seq 66998 ack 98306, 0 bytes
3 49153>1357 A seq 66999 ack 98306, 0 bytes; the recorder's limit was reached: what the client sent here is missing
4 49153>1357 AF seq 66999 ack 98306, 0 bytes
4 1357>49153 A seq 98306 ack 67000, 0 bytes
5 1357>49153 AR seq 98306 ack 67000, 0 bytes; no second answer; everything
`
	file := captureOf(t, []*Transcript{{Start: time.Unix(60, 0)}, tr})
	var got strings.Builder
	for _, p := range packets(t, file)[:12] {
		from, to, tcp, _ := p.tcp()
		text := append([]string{fmt.Sprintf("%d bytes", len(tcp.Payload))}, p.comments...)
		fmt.Fprintf(&got, "%d %d>%d %s seq %d ack %d, %s\n",
			p.Timestamp.Unix(), from.Port(), to.Port(), flagNames(tcp), tcp.Seq, tcp.Ack, strings.Join(text, "; "))
	}
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
}

func flagNames(tcp *layers.TCP) string {
	names := ""
	for _, flag := range []struct {
		name string
		set  bool
	}{{"S", tcp.SYN}, {"A", tcp.ACK}, {"P", tcp.PSH}, {"F", tcp.FIN}, {"R", tcp.RST}} {
		if flag.set {
			names += flag.name
		}
	}
	return names
}

func TestPcapngChecksums(t *testing.T) {
	tr := recorded(t, edition(t, "2024a"))
	six := recorded(t, edition(t, "2024a"))
	six.Client = "[::1]:40000"
	for i, p := range packets(t, captureOf(t, []*Transcript{tr, six})) {
		decoded := gopacket.NewPacket(p.data, p.link, gopacket.Default)
		if tcp, ok := decoded.TransportLayer().(*layers.TCP); !ok || tcp.SetNetworkLayerForChecksum(decoded.NetworkLayer()) != nil {
			t.Fatalf("packet %d is not TCP over IP", i+1)
		}
		if err, mismatches := decoded.VerifyChecksums(); err != nil || len(mismatches) > 0 {
			t.Errorf("packet %d: %v, %v", i+1, err, mismatches)
		}
	}
}

func TestPcapngAddresses(t *testing.T) {
	tests := []struct{ client, server, wantClient, wantServer string }{
		{"127.0.0.1:5", "127.0.0.2:6", "127.0.0.1:5", "127.0.0.2:6"},
		{"[::1]:5", "[fd00::2]:6", "[::1]:5", "[fd00::2]:6"},
		{"[fe80::1%eth0]:5", "[fe80::2%eth0]:6", "[fe80::1]:5", "[fe80::2]:6"},
		{"[::ffff:10.0.0.1]:5", "10.0.0.2:6", "10.0.0.1:5", "10.0.0.2:6"},
		{"", "", "192.0.2.1:49155", "192.0.2.2:1256"},
		{"10.0.0.1:5", "localhost:6", "10.0.0.1:5", "192.0.2.2:6"},
		{"a-name:5", "[::1]:6", "[2001:db8::1]:5", "[::1]:6"},
		{"10.0.0.1:5", "[::1]:6", "10.0.0.1:5", "192.0.2.2:6"},
		{"[::1]:5", "10.0.0.1:6", "[::1]:5", "[2001:db8::2]:6"},
		{"10.0.0.1:port", "10.0.0.2:99999", "10.0.0.1:49155", "10.0.0.2:1256"},
		{"evil\x1b", "@", "192.0.2.1:49155", "192.0.2.2:1256"},
	}
	for _, test := range tests {
		got := endpoints(&Transcript{Edition: "2024a", Client: test.client, Server: test.server}, 3)
		if got[0].String() != test.wantClient || got[1].String() != test.wantServer {
			t.Errorf("%q and %q are %s and %s", test.client, test.server, got[0], got[1])
		}
	}
}

func TestWritePcapngFails(t *testing.T) {
	full := errors.New("full")
	if err := WritePcapng(failing{full}, []*Transcript{recorded(t, edition(t, "2024a"))}); !errors.Is(err, full) {
		t.Errorf("error is %v, want that of the writer", err)
	}
}

// TestLongComments are cut, at a whole letter.
func TestLongComments(t *testing.T) {
	tr := &Transcript{Comments: []Comment{{Text: strings.Repeat("é", 40000)}}}
	all := packets(t, captureOf(t, []*Transcript{tr}))
	if got := all[2].comments[0]; got != strings.Repeat("é", maxComment/2) {
		t.Errorf("%d bytes", len(got))
	}
}

// TestPcapngTimes: a file can have any time, a capture only those from 1970 to 2262.
func TestPcapngTimes(t *testing.T) {
	for want, start := range map[int]time.Time{
		1970: {},
		2262: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),
		2026: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		tr := &Transcript{Start: start, Events: []Event{{Dir: ToServer, Data: []byte("x")}}}
		got, err := ReadPcapng(bytes.NewReader(captureOf(t, []*Transcript{tr})))
		if err != nil || got[0].Start.Year() != want {
			t.Errorf("%s became %v, %v", start, got, err)
		}
	}
}

// TestReadRealCaptures reads what tshark captured of the reference client and
// server, on the loopback interface and on "any".
func TestReadRealCaptures(t *testing.T) {
	for _, name := range []string{"loopback.pcapng", "any.pcap"} {
		t.Run(name, func(t *testing.T) {
			file, err := os.Open("testdata/" + name)
			check(t, err)
			defer file.Close()
			got, err := ReadPcapng(file)
			check(t, err)
			if len(got) != 1 || got[0].Client != "127.0.0.1:45232" || got[0].Server != "127.0.0.1:31256" || got[0].Edition != "" {
				t.Fatalf("%+v", got)
			}
			var story []string
			for _, f := range got[0].Frames(edition(t, "2024a")) {
				check(t, f.Err)
				story = append(story, f.Dir.String()+f.Type.String())
			}
			want := ">register <registered >public-key <key-accepted >file >file <file-received >crc-ok <thanks"
			if strings.Join(story, " ") != want {
				t.Errorf("got %s", story)
			}
			last := got[0].Events[len(got[0].Events)-2:]
			if last[0].Dir != ToServer || last[0].Kind != End || last[1].Dir != ToClient || last[1].Kind != End {
				t.Errorf("ended by %v", last)
			}
		})
	}
}

// TestReadLinkTypes wraps the packets of one conversation in what comes before IP.
func TestReadLinkTypes(t *testing.T) {
	tr := recorded(t, edition(t, "2024a"))
	tr.Events = inSegments(tr.Events)
	raw := packets(t, captureOf(t, []*Transcript{tr}))
	ethernet := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 0}
	for name, wrap := range map[string]struct {
		link   layers.LinkType
		before []byte
	}{
		"Ethernet":  {layers.LinkTypeEthernet, ethernet},
		"VLAN":      {layers.LinkTypeEthernet, append(ethernet[:12:12], 0x81, 0, 0, 7, 8, 0)},
		"cooked":    {layers.LinkTypeLinuxSLL, []byte{0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0}},
		"cooked v2": {layers.LinkTypeLinuxSLL2, []byte{8, 0, 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0}},
		"null":      {layers.LinkTypeNull, []byte{2, 0, 0, 0}},
		"loop":      {layers.LinkTypeLoop, []byte{0, 0, 0, 2}},
		"IPv4":      {layers.LinkTypeIPv4, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var file bytes.Buffer
			out := pcapgo.NewWriterNanos(&file)
			check(t, out.WriteFileHeader(1<<18, wrap.link))
			for _, p := range raw {
				data := append(bytes.Clone(wrap.before), p.data...)
				for wrap.link == layers.LinkTypeEthernet && len(data) < 60 {
					data = append(data, 0xee) // an Ethernet frame is padded
				}
				p.Length, p.CaptureLength = len(data), len(data)
				check(t, out.WritePacket(p.CaptureInfo, data))
			}
			got, err := ReadPcapng(&file)
			if err != nil {
				t.Fatal(err)
			}
			want := *tr
			want.Edition = "" // pcap has no comments
			if !reflect.DeepEqual(got, []*Transcript{&want}) {
				t.Errorf("got %+v\nwant %+v", got[0], &want)
			}
		})
	}
}

func TestFlowWithoutSYN(t *testing.T) {
	tr := &Transcript{Events: []Event{{Dir: ToClient, Data: []byte("answer")}}, Server: "10.0.0.1:1256", Client: "10.0.0.2:40000"}
	all := packets(t, captureOf(t, []*Transcript{tr}))
	got := assembled(t, all[3:])
	if len(got) != 1 || got[0].Client != tr.Client || len(got[0].Events) != 1 || got[0].Events[0].Dir != ToClient {
		t.Errorf("without the handshake: %+v", got)
	}
	if got := assembled(t, all[1:]); len(got) != 1 || got[0].Client != tr.Client {
		t.Errorf("without the SYN: %+v", got)
	}
	lowest := netip.MustParseAddrPort(got[0].Server)
	if lowest.Port() != 1256 {
		t.Errorf("the server is %s", lowest)
	}
}

// assembled puts packets together.
func assembled(t testing.TB, all []packet) []*Transcript {
	t.Helper()
	a := assembler{limits: defaultLimits, flows: map[flow]*captured{}}
	for _, p := range all {
		if _, err := a.packet(p); err != nil {
			t.Fatal(err)
		}
	}
	return a.finish()
}

// TestSecretsThatWereChanged: a comment of a capture that holds no key is no secret.
func TestSecretsThatWereChanged(t *testing.T) {
	var tr Transcript
	tr.identify([]string{"a remark", editionComment + "2024a", aesKeyComment + "0011"})
	if tr.Secrets != nil || tr.Edition != "2024a" {
		t.Errorf("%+v", tr)
	}
}
