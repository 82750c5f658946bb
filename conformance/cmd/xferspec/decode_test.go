package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/state"
	"github.com/xferspec/xferspec/vectors"
)

// TestDecodeWithKey: with the client's key, a capture of every vector conversation
// shows the file that was encrypted in it.
func TestDecodeWithKey(t *testing.T) {
	set, err := vectors.Load()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	capture, key := filepath.Join(folder, "one.pcap"), filepath.Join(folder, "priv.key")
	for i := range set.Conversations {
		v := &set.Conversations[i]
		recording := &trace.Transcript{Edition: v.Edition}
		for _, f := range v.Frames {
			e := trace.Event{Dir: trace.ToServer, Data: f.Hex}
			if f.From == vectors.FromServer {
				e.Dir = trace.ToClient
			}
			recording.Events = append(recording.Events, e)
		}
		if err := trace.WriteCapture(capture, []*trace.Transcript{recording}); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(key, state.FormatPrivateKeyFile(v.PrivateKey), 0o600); err != nil {
			t.Fatal(err)
		}
		shown := decoded(t, "--key", key, capture)
		for _, want := range []string{
			fmt.Sprintf("\n    =  decrypts to %d bytes, cksum %d\n", len(v.Plaintext), cksum.Sum(v.Plaintext)),
			fmt.Sprintf("\n    =  unwraps to the AES key %x\n", []byte(v.AESKey)),
		} {
			if !strings.Contains(shown, want) {
				t.Errorf("%s: %q is missing in\n%s", v.ID, want, shown)
			}
		}
		if plain := decoded(t, capture); strings.Contains(plain, "    =  ") || strings.Contains(plain, "    !  ") {
			t.Errorf("%s: without the key it shows\n%s", v.ID, plain)
		}
	}
}

// decoded runs the command.
func decoded(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	cmd := decodeCommand()
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	if err := cmd.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestDecodeIsInterrupted although its input neither comes nor ends.
func TestDecodeIsInterrupted(t *testing.T) {
	in, feed := io.Pipe()
	defer func() { _ = feed.Close() }()
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	cmd := decodeCommand()
	cmd.SetArgs([]string{"-"})
	cmd.SetIn(in)
	if err := cmd.ExecuteContext(ctx); err != nil {
		t.Error(err)
	}
}
