package seal_test

import (
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec/seal"
)

// KEY-1: every generated key fits the field, and openssl finds nothing wrong with
// its numbers.
func TestGenerateKey(t *testing.T) {
	moduli := map[string]bool{}
	for range 8 {
		key, err := seal.GenerateKey()
		if err != nil {
			t.Fatal(err)
		}
		moduli[key.N.String()] = true
		if key.N.BitLen() != 1024 || key.E != 17 {
			t.Errorf("%d bits, exponent %d, want 1024 and 17", key.N.BitLen(), key.E)
		}
		if err := key.Validate(); err != nil {
			t.Error(err)
		}
		public := must(t)(seal.MarshalPublicKey(&key.PublicKey))
		if len(public) != 160 {
			t.Errorf("public key of %d bytes, want 160", len(public))
		}
		private := must(t)(seal.MarshalPrivateKey(key))
		verdict := string(openssl(t, private, "rsa", "-inform", "DER", "-check", "-noout"))
		if !strings.Contains(verdict, "RSA key ok") {
			t.Errorf("openssl rsa -check: %s", verdict)
		}
	}
	if len(moduli) != 8 {
		t.Errorf("%d different keys of 8", len(moduli))
	}
}

func TestOpensslReadsOurKeys(t *testing.T) {
	key, err := seal.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	public := must(t)(seal.MarshalPublicKey(&key.PublicKey))
	private := must(t)(seal.MarshalPrivateKey(key))
	tests := []struct {
		name string
		der  []byte
		args []string
		want []string
	}{
		{"public", public, []string{"-pubin"}, []string{"Public-Key: (1024 bit)", "Exponent: 17 (0x11)"}},
		{"private", private, nil, []string{"Private-Key: (1024 bit, 2 primes)", "publicExponent: 17 (0x11)"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			args := append([]string{"pkey", "-inform", "DER", "-text", "-noout"}, tt.args...)
			text := string(openssl(t, tt.der, args...))
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("openssl does not say %q but:\n%s", want, text)
				}
			}
		})
	}
}
