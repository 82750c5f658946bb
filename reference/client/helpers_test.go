package client_test

import (
	"bytes"
	"crypto/rsa"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/state"
	"github.com/xferspec/xferspec/spec/wire"
)

const (
	clientName = "Ada Lovelace"
	fileName   = "notes.txt"
	errorLine  = "server responded with an error"
)

// testKey is a key pair that tests share, as making one takes long, and testDER
// its private key in DER.
var (
	testKey = sync.OnceValue(func() *rsa.PrivateKey {
		key, err := seal.GenerateKey()
		if err != nil {
			panic(err)
		}
		return key
	})
	testDER = sync.OnceValue(func() []byte {
		der, err := seal.MarshalPrivateKey(testKey())
		if err != nil {
			panic(err)
		}
		return der
	})
)

func edition(t *testing.T, name string) *spec.Edition {
	t.Helper()
	e, err := spec.LookupEdition(name)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// outbox is a client's working directory.
type outbox struct {
	t   *testing.T
	dir string
}

// newOutbox makes one from which content is sent to addr.
func newOutbox(t *testing.T, addr string, content []byte) outbox {
	t.Helper()
	o := outbox{t, t.TempDir()}
	o.write("transfer.info", state.TransferInfo{Addr: addr, Name: clientName, Path: "docs/" + fileName}.Format())
	if err := os.Mkdir(filepath.Join(o.dir, "docs"), 0o700); err != nil {
		t.Fatal(err)
	}
	o.write("docs/"+fileName, content)
	return o
}

func (o outbox) write(name string, content []byte) {
	o.t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, name), content, 0o644); err != nil {
		o.t.Fatal(err)
	}
}

func (o outbox) read(name string) []byte {
	o.t.Helper()
	content, err := os.ReadFile(filepath.Join(o.dir, name))
	if err != nil {
		o.t.Fatal(err)
	}
	return content
}

// register writes a me.info that the server knows, with the shared key pair.
func (o outbox) register(f *fake) {
	o.t.Helper()
	f.public = &testKey().PublicKey
	o.write("me.info", state.MeInfo{Name: clientName, Client: f.client, PrivateKey: testDER()}.Format())
}

// run runs the client and returns what it printed. No run may take long.
func (o outbox) run(f *fake) (output string, err error) {
	o.t.Helper()
	return o.runConfig(client.Config{Edition: f.edition})
}

func (o outbox) runConfig(cfg client.Config) (output string, err error) {
	o.t.Helper()
	var out bytes.Buffer
	cfg.Dir, cfg.Out = o.dir, &out
	if cfg.Timeout == 0 {
		cfg.Timeout = 20 * time.Second
	}
	started := time.Now()
	err = client.Run(o.t.Context(), cfg)
	if took := time.Since(started); took > 15*time.Second {
		o.t.Errorf("the run took %s", took)
	}
	if err != nil && strings.Contains(err.Error(), "\n") {
		o.t.Errorf("the error has several lines: %v", err)
	}
	return out.String(), err
}

// types lists what the client sent, packets of one transfer as one.
func types(requests []*request) []spec.MessageType {
	var list []spec.MessageType
	for _, r := range requests {
		if m, ok := r.message.(*wire.File); ok && m.Number > 1 {
			continue
		}
		list = append(list, r.message.Type())
	}
	return list
}

// sendings returns the bytes of every sending of a message, for a file those of
// the whole transfer.
func sendings(requests []*request, of spec.MessageType) [][]byte {
	var list [][]byte
	for _, r := range requests {
		if r.message.Type() != of {
			continue
		}
		if m, ok := r.message.(*wire.File); ok && m.Number > 1 {
			list[len(list)-1] = append(list[len(list)-1], r.frame...)
			continue
		}
		list = append(list, bytes.Clone(r.frame))
	}
	return list
}

// wantIdentical checks that one message was sent n times, the same bytes always.
func wantIdentical(t *testing.T, requests []*request, of spec.MessageType, n int) {
	t.Helper()
	list := sendings(requests, of)
	if len(list) != n {
		t.Errorf("%s was sent %d times, want %d", of, len(list), n)
	}
	for i := range list {
		if !bytes.Equal(list[i], list[0]) {
			t.Errorf("sending %d of %s differs from the first", i+1, of)
		}
	}
}

// pattern returns n bytes that do not repeat at powers of two.
func pattern(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(i * 7 % 251)
	}
	return p
}
