package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance/internal/limited"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/state"
)

// inputKind is what decode was given.
type inputKind uint8

const (
	inputBytes      inputKind = iota // of one direction
	inputTranscript                  // .xftrace
	inputCapture                     // pcapng or pcap
)

// maxInput bounds the bytes that decode reads at once.
const maxInput = 512 << 20

// transcriptBegin begins every .xftrace file.
const transcriptBegin = `{"schema":"xferspec-trace/`

// input is what is decoded, of a known kind.
type input struct {
	io.Reader
	io.Closer
	kind inputKind
}

func (d *decoder) open() (*input, error) {
	from := io.NopCloser(d.in)
	if d.path != "-" {
		file, err := os.Open(d.path)
		if err != nil {
			return nil, err
		}
		from = file
	}
	var r io.Reader = from
	if d.hex {
		r = trace.HexReader(from)
	}
	buffered := bufio.NewReader(r)
	if _, err := buffered.Peek(1); err != nil {
		_ = from.Close()
		if errors.Is(err, io.EOF) {
			err = errors.New("there is nothing in it")
		}
		return nil, err
	}
	in := &input{Reader: buffered, Closer: from, kind: inputBytes}
	switch {
	case d.hex:
	case begins(buffered, transcriptBegin):
		in.kind = inputTranscript
	case slices.ContainsFunc(trace.CaptureMagics(), func(magic string) bool { return begins(buffered, magic) }):
		in.kind = inputCapture
	}
	return in, nil
}

// begins says whether r begins with a text. It waits for no more bytes than it
// takes to see that it does not.
func begins(r *bufio.Reader, text string) bool {
	for n := 1; n <= len(text); n++ {
		if have, _ := r.Peek(n); string(have) != text[:n] {
			return false
		}
	}
	return true
}

// read returns the conversations of the input that are asked for. Of a capture
// that breaks off there are some along with the error.
func (d *decoder) read(in *input) ([]*trace.Transcript, error) {
	switch in.kind {
	case inputTranscript:
		t, err := trace.Read(in)
		if err != nil {
			return nil, err
		}
		if _, err := spec.LookupEdition(t.Edition); err != nil && !d.editionSet {
			return nil, err
		}
		return []*trace.Transcript{t}, nil
	case inputCapture:
		all, err := trace.ReadPcapng(in)
		if err != nil {
			return all, err // what was before the fault is worth a look
		}
		return d.choose(all)
	default:
		data, err := io.ReadAll(io.LimitReader(in, maxInput+1))
		if err == nil && len(data) > maxInput {
			err = fmt.Errorf("more than %d MiB", maxInput>>20)
		}
		return []*trace.Transcript{trace.FromBytes(d.edition, d.direction, data)}, err
	}
}

// choose returns the connections of a capture that are asked for.
func (d *decoder) choose(all []*trace.Transcript) ([]*trace.Transcript, error) {
	var chosen []*trace.Transcript
	var ports portList
	for _, t := range all {
		if d.wants(t) {
			chosen = append(chosen, t)
		} else {
			ports.add(t)
		}
	}
	switch {
	case len(chosen) > 0:
		return chosen, nil
	case d.portSet:
		return nil, fmt.Errorf("no connection to port %d; there are some to %s", d.port, ports)
	default:
		return all, nil
	}
}

// wants says whether a connection of a capture is to be shown: one that xferspec
// recorded, or one to the right port.
func (d *decoder) wants(t *trace.Transcript) bool {
	port := t.ServerPort()
	if d.portSet {
		return d.port == 0 || d.port == port
	}
	return t.Edition != "" || slices.ContainsFunc(spec.Editions(), func(ed *spec.Edition) bool { return ed.DefaultPort == port })
}

// follow shows a capture while it comes.
func (d *decoder) follow(in *input) error {
	shown := false
	var ports portList
	choose := func(t *trace.Transcript) *spec.Edition {
		if !d.wants(t) {
			ports.add(t)
			return nil
		}
		shown = true
		return d.editionOf(t)
	}
	if err := trace.AnnotateCapture(d.out, in, choose, d.options()); err != nil {
		return err
	}
	if !shown && len(ports) > 0 {
		return fmt.Errorf("no connection to the port of a server; there were some to %s: choose one with --port, or all with --port 0", ports)
	}
	if !shown {
		return errors.New("no TCP connection was captured")
	}
	return nil
}

// portList is the ports of connections that are not shown, each once.
type portList []string

func (l *portList) add(t *trace.Transcript) {
	if port := fmt.Sprint(t.ServerPort()); !slices.Contains(*l, port) {
		*l = append(*l, port)
	}
}

// String names the first few.
func (l portList) String() string {
	const most = 8
	if more := len(l) - most; more > 0 {
		return fmt.Sprintf("%s and %d others", strings.Join(l[:most], ", "), more)
	}
	return strings.Join(l, ", ")
}

// readPrivateKey reads a client's priv.key.
func readPrivateKey(path string) (trace.Key, error) {
	text, err := limited.ReadFile(path, limited.Setting)
	if err != nil {
		return nil, err
	}
	key, err := state.ParsePrivateKeyFile(text)
	if err == nil {
		_, err = seal.ParsePrivateKey(key)
	}
	if err != nil {
		return nil, fmt.Errorf("--key %s: %w", path, err)
	}
	return key, nil
}
