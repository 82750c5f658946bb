package trace

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// testSecrets returns fresh keys.
func testSecrets(t testing.TB) *Secrets {
	t.Helper()
	pair, err := seal.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	der, err := seal.MarshalPrivateKey(pair)
	if err != nil {
		t.Fatal(err)
	}
	key, err := seal.NewKey(256)
	if err != nil {
		t.Fatal(err)
	}
	return &Secrets{PrivateKey: der, AESKeys: []Key{key}}
}

// secretConversation is a conversation whose file, plain, can be decrypted.
func secretConversation(t testing.TB, ed *spec.Edition, plain []byte) *Transcript {
	t.Helper()
	secrets := testSecrets(t)
	secrets.AESKeys[0] = secrets.AESKeys[0][:ed.KeySize()]
	pair, err := seal.ParsePrivateKey(secrets.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err := seal.Wrap(&pair.PublicKey, secrets.AESKeys[0])
	if err != nil {
		t.Fatal(err)
	}
	e, err := seal.NewEncrypter(secrets.AESKeys[0])
	if err != nil {
		t.Fatal(err)
	}
	cipher := e.Finish(e.Append(nil, plain))
	tr := &Transcript{Edition: ed.Name, Secrets: secrets}
	for _, s := range conversation(ed) {
		switch m := s.m.(type) {
		case *wire.KeyAccepted:
			m.Wrapped = wrapped
		case *wire.File:
			begin := max(0, int(m.Number)-1) * 1024
			m.ContentSize, m.OriginalSize = uint32(len(cipher)), uint32(len(plain))
			m.Content = cipher[begin : begin+len(m.Content)]
		}
		tr.Events = append(tr.Events, Event{Dir: s.dir, Data: encode(t, ed, s)})
	}
	return tr
}

func TestTransfers(t *testing.T) {
	plain := bytes.Repeat([]byte("a line of the file\n"), 200)[:2050]
	for _, name := range []string{"2024a", "2023a", "2022c"} {
		t.Run(name, func(t *testing.T) {
			ed := edition(t, name)
			tr := secretConversation(t, ed, plain)
			for what, secrets := range map[string]*Secrets{
				"both":            tr.Secrets,
				"the AES key":     {AESKeys: tr.Secrets.AESKeys},
				"the private key": {PrivateKey: tr.Secrets.PrivateKey},
			} {
				tr.Secrets = secrets
				got := tr.Transfers(ed, tr.Frames(ed))
				if len(got) != 1 || !got[0].Whole || got[0].Err != nil || !bytes.Equal(got[0].Plain, plain) {
					t.Errorf("with %s: %+v", what, got)
				}
			}
		})
	}
}

func TestTransfersThatDoNotDecrypt(t *testing.T) {
	ed := edition(t, "2024a")
	tr := secretConversation(t, ed, make([]byte, 2050))
	frames := tr.Frames(ed)
	only := func(secrets *Secrets) *Transfer {
		tr.Secrets = secrets
		return tr.Transfers(ed, frames)[0]
	}
	secrets := tr.Secrets
	if got := only(nil); !errors.Is(got.Err, ErrNoKey) || !got.Whole || len(got.Cipher) != 2064 {
		t.Errorf("without keys: %+v", got)
	}
	another := only(testSecrets(t))
	for range 5 {
		if another.Err != nil {
			break
		}
		another = only(testSecrets(t)) // with one key in 256 the padding looks right
	}
	if got := another; !errors.As(got.Err, new(*seal.CiphertextError)) || got.Plain != nil {
		t.Errorf("with another key: %v", got.Err)
	}
	if got := only(&Secrets{PrivateKey: testSecrets(t).PrivateKey}); !errors.Is(got.Err, ErrNoKey) {
		t.Errorf("with another private key: %v", got.Err)
	}
	tr.Events = tr.Events[4:] // the recording begins after the answer with the key
	tr.Secrets = &Secrets{AESKeys: secrets.AESKeys}
	if got := tr.Transfers(ed, tr.Frames(ed)); len(got) != 1 || got[0].Err != nil {
		t.Errorf("without the answer: %+v", got)
	}
}

// TestTransfersKeptApart sends two files at once, and one again that broke off.
func TestTransfersKeptApart(t *testing.T) {
	ed := edition(t, "2024a")
	tr := new(Transcript)
	packet := func(name string, number, total uint16) {
		m := &wire.File{ContentSize: uint32(total), Number: number, Total: total, Name: name, Content: []byte{byte(number)}}
		tr.Events = append(tr.Events, Event{Dir: ToServer, Data: encode(t, ed, sample{ToServer, m})})
	}
	packet("a", 1, 2)
	packet("b", 1, 3)
	packet("a", 2, 2)
	packet("b", 1, 2)
	packet("b", 2, 2)
	packet("c", 2, 2)
	want := []struct {
		packets []int
		whole   bool
	}{{[]int{0, 2}, true}, {[]int{1}, false}, {[]int{3, 4}, true}, {[]int{5}, false}}
	got := tr.Transfers(ed, tr.Frames(ed))
	if len(got) != len(want) {
		t.Fatalf("%d transfers", len(got))
	}
	for i, w := range want {
		if !reflect.DeepEqual(got[i].Packets, w.packets) || got[i].Whole != w.whole {
			t.Errorf("transfer %d: packets %v, whole %t", i, got[i].Packets, got[i].Whole)
		}
	}
}

func TestAnnotateSecrets(t *testing.T) {
	ed := edition(t, "2024a")
	tr := secretConversation(t, ed, append([]byte("%PDF-1.7\n"), make([]byte, 2041)...))
	const want = `
    =  decrypts to 2050 bytes, cksum 2774446186
     0  25 50 44 46 2d 31 2e 37 0a 00 00 00 00 00 00 00 … +2034  |%PDF-1.7........|

< 1603 file-received`
	got := annotated(t, ed, tr, false)
	if !strings.Contains(got, want) || !strings.Contains(got, "\nthe keys are in the recording\n") {
		t.Errorf("%s is missing in\n%s", want, got)
	}
	if key := fmt.Sprintf("\n    =  unwraps to the AES key %x\n\n> 1028", []byte(tr.Secrets.AESKeys[0])); !strings.Contains(got, key) {
		t.Errorf("%s is missing in\n%s", key, got)
	}
	if full := annotated(t, ed, tr, true); !strings.Contains(full, "\n  2048  00 00     ") {
		t.Errorf("not the whole file:\n%s", full)
	}
	tr.Secrets = &Secrets{PrivateKey: testSecrets(t).PrivateKey}
	if got := annotated(t, ed, tr, false); !strings.Contains(got, "!  the key in it is not known") || !strings.Contains(got, "does not decrypt: the key is not known") {
		t.Errorf("with another private key:\n%s", got)
	}
	tr.Secrets = testSecrets(t)
	if got := annotated(t, ed, tr, false); !strings.Contains(got, "!  does not decrypt: FIL-13: ") {
		t.Errorf("with another key:\n%s", got)
	}
}

func TestSecretsInFiles(t *testing.T) {
	want := &Transcript{Edition: "2024a", Secrets: testSecrets(t)}
	var file bytes.Buffer
	if err := want.Write(&file); err != nil {
		t.Fatal(err)
	}
	if got, err := Read(&file); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, %v", got, err)
	}
	for secrets, reason := range map[string]string{
		`{"privateKey":"30"}`:  "the private key: KEY-1",
		`{"aesKeys":["0011"]}`: "an AES key: ",
		`{"aesKeys":[null]}`:   "an AES key: ",
		`{"aesKeys":["0"]}`:    "a key is not hexadecimal",
		`{"password":"x"}`:     "password",
	} {
		var format *FormatError
		header := strings.Replace(goodHeader, "}", `,"secrets":`+secrets+"}", 1)
		if _, err := Read(strings.NewReader(header)); !errors.As(err, &format) || format.Line != 1 || !strings.Contains(format.Reason, reason) {
			t.Errorf("%s: error is %v, want …%s…", secrets, err, reason)
		}
	}
}
