package vectors_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/vectors"
)

// run runs a program of the machine on stdin and returns what it prints.
func run(t *testing.T, stdin []byte, name string, args ...string) ([]byte, error) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("this test compares with the program %s, which is not installed: %v", name, err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Stdin = bytes.NewReader(stdin)
	return cmd.Output()
}

func TestCksumProgram(t *testing.T) {
	for _, c := range load(t).Cksums {
		file := bytes.Repeat(c.Pattern, c.Length/max(1, len(c.Pattern))+1)[:c.Length]
		got, err := run(t, file, "cksum")
		if want := fmt.Sprintf("%d %d", c.Cksum, c.Length); err != nil || strings.TrimSpace(string(got)) != want {
			t.Errorf("%s: cksum prints %q, not %q (%v)", c.ID, got, want, err)
		}
	}
}

// openssl enc takes whole blocks that end in padding, and nothing else.
func TestOpensslCBC(t *testing.T) {
	for i, c := range load(t).CBCs {
		if c.Breaks == "" && i%11 != 0 {
			continue // each takes some milliseconds; of the right ones a few will do
		}
		got, err := run(t, c.Ciphertext, "openssl", "enc", "-d", fmt.Sprintf("-aes-%d-cbc", len(c.Key)*8),
			"-K", hex.EncodeToString(c.Key), "-iv", strings.Repeat("0", 32))
		switch {
		case len(c.Ciphertext) == 0: // openssl takes nothing for nothing
		case (err == nil) != (c.Breaks == ""):
			t.Errorf("%s: openssl says %v", c.ID, err)
		case err == nil && !bytes.Equal(got, c.Plaintext):
			t.Errorf("%s: openssl decrypts to %x", c.ID, got)
		}
	}
}

func TestOpensslKeys(t *testing.T) {
	set := load(t)
	key := filepath.Join(t.TempDir(), "priv.der")
	first := set.PublicKeys[0]
	if err := os.WriteFile(key, first.PKCS8, 0o600); err != nil {
		t.Fatal(err)
	}
	public, err := run(t, nil, "openssl", "pkey", "-inform", "DER", "-in", key, "-pubout", "-outform", "DER")
	if err != nil || !bytes.Equal(public, first.SPKI) {
		t.Errorf("%s: openssl makes the public key %x (%v)", first.ID, public, err)
	}
	for _, u := range set.Unwraps {
		got, err := run(t, u.Wrapped, "openssl", "pkeyutl", "-decrypt", "-inkey", key, "-keyform", "DER",
			"-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha1", "-pkeyopt", "rsa_mgf1_md:sha1")
		holds := err == nil && len(got) == u.KeySize
		if holds != (u.Breaks == "") || holds && !bytes.Equal(got, u.Key) {
			t.Errorf("%s: openssl unwraps %x (%v)", u.ID, got, err)
		}
	}
}

// Of wrong keys openssl takes some, being laxer about form; so only the right ones
// are compared.
func TestOpensslPublicKeys(t *testing.T) {
	for _, k := range load(t).PublicKeys {
		text, err := run(t, k.SPKI, "openssl", "pkey", "-pubin", "-inform", "DER", "-noout", "-text")
		if k.Breaks == "" && (err != nil || !strings.Contains(string(text), fmt.Sprintf("Exponent: %d ", k.Exponent))) {
			t.Errorf("%s: openssl prints %q (%v)", k.ID, text, err)
		}
	}
}

func TestOpensslConversation(t *testing.T) {
	c := find(t, load(t).Conversations, func(c vectors.Conversation) vectors.Head { return c.Head }, "conv-2024a-three-packets")
	var joined []byte
	for _, f := range c.Frames {
		joined = append(joined, f.Fields.Content...)
	}
	got, err := run(t, joined, "openssl", "enc", "-d", "-aes-256-cbc", "-K", hex.EncodeToString(c.AESKey), "-iv", strings.Repeat("0", 32))
	if err != nil || !bytes.Equal(got, c.Plaintext) {
		t.Errorf("openssl decrypts the packets to %x (%v)", got, err)
	}
}
