package server

import (
	"bytes"
	"testing"

	"github.com/xferspec/xferspec/reference/store"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// A file that cannot be written is the fault of its own transfer, not of the one
// that goes on while the buffer is full of it.
func TestFaultStaysWithItsTransfer(t *testing.T) {
	data, err := store.Open(t.Context(), t.TempDir(), "test.db")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = data.Close() }()
	var plain plaintext
	begin := func(id wire.ID) *transfer {
		file, err := data.NewIncoming(id)
		if err != nil {
			t.Fatal(err)
		}
		decrypter, err := seal.NewDecrypter(make([]byte, 32))
		if err != nil {
			t.Fatal(err)
		}
		return newTransfer(id, &wire.File{}, false, decrypter, file, &plain)
	}
	encrypter, err := seal.NewEncrypter(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	ciphertext := encrypter.Finish(encrypter.Append(nil, bytes.Repeat([]byte("x"), 100)))

	broken, whole := begin(wire.ID{1}), begin(wire.ID{2})
	defer whole.discard()
	broken.file.Discard()
	for _, tr := range []*transfer{broken, whole} {
		if err := tr.decrypt(ciphertext); err != nil {
			t.Errorf("transfer %x: %v before anything is to be written", tr.client[0], err)
		}
	}
	if err := whole.finish(); err != nil || whole.written != 100 {
		t.Errorf("the whole transfer: %d bytes, %v, want 100", whole.written, err)
	}
	if err := broken.finish(); err == nil {
		t.Error("the transfer whose file cannot be written ends well")
	}
}
