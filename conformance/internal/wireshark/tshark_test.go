package wireshark

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/harness/trace"
)

const (
	script     = "../../../spec/dissector/xferspec.lua"
	serverPort = "31256"
	otherPort  = "31257" // for which the dissector is chosen by Decode As
)

func TestMain(m *testing.M) {
	if _, err := exec.LookPath("tshark"); err != nil {
		fmt.Println("tshark is missing: apt-get install tshark; with DEBIAN_FRONTEND=noninteractive it asks nothing")
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// shown is a message as tshark shows it.
type shown struct {
	Name   string
	Title  string            // of its line in the tree
	Fields map[string]string // name in display filters, without xferspec → bytes in hexadecimal, and the value if it is no bytes
	Marks  []string          // what is wrong with it: the texts of the expert infos
}

// conversation is what tshark shows of a connection, by direction.
type conversation [2][]shown

// element is an element of PDML, tshark's XML.
type element struct {
	XMLName  xml.Name
	Name     string    `xml:"name,attr"`
	Showname string    `xml:"showname,attr"`
	Show     string    `xml:"show,attr"`
	Value    string    `xml:"value,attr"`
	Children []element `xml:",any"`
}

// dissect writes connections into one capture, has tshark read it in an edition
// and returns what it shows, by the clients' addresses. All connections need one.
func dissect(t *testing.T, edition string, transcripts []*trace.Transcript) map[string]conversation {
	t.Helper()
	// go test sees that the dissector changed only if the test itself reads it.
	source, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	lua := filepath.Join(folder, "xferspec.lua")
	if err := os.WriteFile(lua, source, 0o600); err != nil {
		t.Fatal(err)
	}
	capture := filepath.Join(folder, "capture.pcapng")
	if err := trace.WriteCapture(capture, transcripts); err != nil {
		t.Fatal(err)
	}
	// Two passes (-2), as in the window: the second is what people see.
	cmd := exec.CommandContext(t.Context(), "tshark", "-2", "-n", "-r", capture, "-X", "lua_script:"+lua,
		"-o", "xferspec.edition:"+edition, "-o", "xferspec.ports:"+serverPort, "-d", "tcp.port=="+otherPort+",xferspec",
		"-o", "tcp.check_checksum:TRUE", "-Y", "xferspec or tcp.checksum.status == 0 or tcp.analysis.flags",
		"-T", "pdml", "-J", "ip tcp xferspec")
	cmd.Env = append(os.Environ(), "WIRESHARK_CONFIG_DIR="+folder)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || bytes.Contains(out, []byte("Lua Error")) || strings.Contains(stderr.String(), "Lua") {
		t.Fatalf("tshark: %v\n%s\n%.2000s", err, &stderr, out)
	}
	return parse(t, out)
}

func parse(t *testing.T, pdml []byte) map[string]conversation {
	t.Helper()
	var file struct {
		Packets []element `xml:"packet"`
	}
	if err := xml.Unmarshal(pdml, &file); err != nil {
		t.Fatal(err)
	}
	all := map[string]conversation{}
	for _, packet := range file.Packets {
		client, dir := ends(packet)
		c := all[client]
		for _, layer := range packet.Children {
			if layer.Name != "xferspec" {
				continue
			}
			c[dir] = append(c[dir], layer.message())
		}
		all[client] = c
		for _, doubt := range packet.find("tcp.analysis.flags") {
			t.Errorf("%s: TCP is not as it should be: %s", client, doubt.Showname)
		}
		if sum := packet.find("tcp.checksum.status"); len(sum) != 1 || sum[0].Show != "1" {
			t.Errorf("%s: TCP is not as it should be: %+v", client, sum)
		}
	}
	return all
}

// ends returns the client's address and the direction of a packet.
func ends(packet element) (client string, dir trace.Direction) {
	one := func(name string) string { return packet.find(name)[0].Show }
	if port := one("tcp.dstport"); port == serverPort || port == otherPort {
		return one("ip.src") + ":" + one("tcp.srcport"), trace.ToServer
	}
	return one("ip.dst") + ":" + one("tcp.dstport"), trace.ToClient
}

// find returns all descendants of a name.
func (e element) find(name string) []element {
	var found []element
	for _, child := range e.Children {
		if child.Name == name {
			found = append(found, child)
		}
		found = append(found, child.find(name)...)
	}
	return found
}

// message takes one layer of the dissector apart.
func (e element) message() shown {
	m := shown{Title: e.Showname, Fields: map[string]string{}}
	for _, child := range e.Children {
		name, ours := strings.CutPrefix(child.Name, "xferspec.")
		switch {
		case name == "message":
			m.Name = child.Show
		case ours && child.Value != "": // else it is none of the message's bytes
			m.Fields[name] = child.Value
			if strings.ReplaceAll(child.Show, ":", "") != child.Value {
				m.Fields[name] += " " + child.Show
			}
		}
	}
	for _, text := range e.find("_ws.expert.message") {
		m.Marks = append(m.Marks, text.Show)
	}
	return m
}
