package state

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"os"
	"strings"
	"testing"
)

// wantError wants err to be an *Error that reads like that.
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	var fault *Error
	if !errors.As(err, &fault) {
		t.Errorf("got %v, want an *Error", err)
		return
	}
	if fault.Error() != want {
		t.Errorf("\n got %s\nwant %s", fault, want)
	}
}

// wantTooLarge wants an input of one byte too many to be refused for its size.
func wantTooLarge(t *testing.T, parse func([]byte) error, honest []byte) {
	t.Helper()
	padded := append(bytes.Clone(honest), bytes.Repeat([]byte("\n"), maxSize-len(honest))...)
	if err := parse(padded); err != nil {
		t.Errorf("%d bytes are refused: %v", len(padded), err)
	}
	if err := parse(append(padded, '\n')); err == nil || !strings.Contains(err.Error(), "65537 bytes, at most 65536") {
		t.Errorf("%d bytes: got %v", len(padded)+1, err)
	}
}

// example returns a code block of the protocol's text.
func example(t *testing.T, info string) []byte {
	t.Helper()
	text, err := os.ReadFile("../protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "\n```"+info+"\n")
	block, _, closed := strings.Cut(rest, "```\n")
	if !ok || !closed {
		t.Fatalf("protocol.md has no block %q", info)
	}
	return []byte(block)
}

func TestExamplesOfTheText(t *testing.T) {
	if port, err := ParsePort(example(t, "text port.info")); err != nil || port != 1256 {
		t.Errorf("port.info: %d, %v", port, err)
	}
	transfer, err := ParseTransferInfo(example(t, "text transfer.info"))
	want := TransferInfo{"127.0.0.1:1256", "Ada Lovelace", "documents/wire.txt"}
	if err != nil || transfer != want {
		t.Errorf("transfer.info: %+v, %v", transfer, err)
	}
	key, err := hex.DecodeString(strings.Join(strings.Fields(string(example(t, "hex private-key"))), ""))
	if err != nil {
		t.Fatal(err)
	}
	me, err := ParseMeInfo(example(t, "text me.info"))
	if err != nil || me.Name != "Ada Lovelace" || me.Client != ada || !bytes.Equal(me.PrivateKey, key) {
		t.Errorf("me.info: %+v, %v", me, err)
	}
}

// broken returns data in base64, broken into lines of width characters.
func broken(data []byte, width int, lineEnd string) string {
	text := base64.StdEncoding.EncodeToString(data)
	var out strings.Builder
	for len(text) > width {
		out.WriteString(text[:width] + lineEnd)
		text = text[width:]
	}
	return out.String() + text + lineEnd
}
