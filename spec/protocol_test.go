package spec

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func clauseID(group string, number int) string { return fmt.Sprintf("%s-%d", group, number) }

// The only names in the text that look like a clause's id and are none.
var algorithms = []string{"AES", "RSA", "SHA"}

var idInText = regexp.MustCompile(`\b([A-Z]{3})-[0-9]+\b`)

func TestTextRefersToClausesThatExist(t *testing.T) {
	for i, line := range strings.Split(protocolText, "\n") {
		for _, m := range idInText.FindAllStringSubmatch(line, -1) {
			if _, ok := LookupClause(m[0]); !ok && !slices.Contains(algorithms, m[1]) {
				t.Errorf("protocol.md:%d: there is no clause %s", i+1, m[0])
			}
		}
	}
}

// tableRows returns the cells of the table under a heading, without its head.
func tableRows(t *testing.T, heading string) [][]string {
	t.Helper()
	_, section, ok := strings.Cut(protocolText, "\n"+heading+"\n")
	if !ok {
		t.Fatalf("no section %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n#")
	var rows [][]string
	for line := range strings.Lines(section) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.Trim(cells[i], " `")
		}
		rows = append(rows, cells)
	}
	return rows
}

func TestTextAndEditionsAgreeOnClauses(t *testing.T) {
	want := map[string]string{} // "edition clause" → what the text says of it
	for _, row := range tableRows(t, "### 2.3 Clauses that do not apply") {
		for id := range strings.SplitSeq(row[1], ", ") {
			want[row[0]+" "+id] = row[2]
		}
	}
	for _, row := range tableRows(t, "### 2.4 Clauses of another level") {
		for id := range strings.SplitSeq(row[1], ", ") {
			want[row[0]+" "+id] = row[2]
		}
	}
	if len(want) == 0 {
		t.Fatal("the tables are empty")
	}
	for _, edition := range Editions() {
		for _, id := range edition.Adjusted() {
			key := edition.Name + " " + id
			got := edition.Excludes(id)
			if got == "" {
				c, _ := LookupClause(id)
				got = edition.Level(c).String()
			}
			if got != want[key] {
				t.Errorf("%s: the edition's file says %q, the text %q", key, got, want[key])
			}
			delete(want, key)
		}
	}
	for key, text := range want {
		t.Errorf("%s: the text says %q, the edition's file nothing", key, text)
	}
}

// hexBlock returns the bytes of a code block marked "hex name".
func hexBlock(t *testing.T, name string) []byte {
	t.Helper()
	data, err := hex.DecodeString(strings.Join(strings.Fields(codeBlock(t, "hex "+name)), ""))
	if err != nil {
		t.Fatalf("block %q: %v", name, err)
	}
	return data
}

func codeBlock(t *testing.T, info string) string {
	t.Helper()
	_, rest, ok := strings.Cut(protocolText, "\n```"+info+"\n")
	if !ok {
		t.Fatalf("no code block %q", info)
	}
	body, _, _ := strings.Cut(rest, "```")
	return body
}

func TestWorkedExampleKeys(t *testing.T) {
	private := hexBlock(t, "private-key")
	parsed, err := x509.ParsePKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	key := parsed.(*rsa.PrivateKey)
	if key.E != 17 || key.N.BitLen() != 1024 || len(private) != 633 {
		t.Errorf("e = %d, %d bits, %d bytes of PKCS#8; want 17, 1024, 633", key.E, key.N.BitLen(), len(private))
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil || !bytes.Equal(public, hexBlock(t, "public-key")) || len(public) != 160 {
		t.Errorf("the public key is not that of the private one: %d bytes, %v", len(public), err)
	}
	unwrapped, err := rsa.DecryptOAEP(sha1.New(), nil, key, hexBlock(t, "wrapped-key"), nil)
	if err != nil || !bytes.Equal(unwrapped, hexBlock(t, "aes-key")) {
		t.Errorf("the wrapped key unwraps to %x, %v", unwrapped, err)
	}

	identity := strings.SplitN(codeBlock(t, "text me.info"), "\n", 3)
	fromMe, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(identity[2], "\n", ""))
	if err != nil || !bytes.Equal(fromMe, private) {
		t.Errorf("me.info does not hold the private key: %v", err)
	}
}

func TestWorkedExampleFile(t *testing.T) {
	key, plaintext := hexBlock(t, "aes-key"), hexBlock(t, "plaintext")
	pad := aes.BlockSize - len(plaintext)%aes.BlockSize
	padded := append(slices.Clone(plaintext), bytes.Repeat([]byte{byte(pad)}, pad)...)
	for name, key := range map[string][]byte{"ciphertext": key, "ciphertext-128": key[:16]} {
		block, err := aes.NewCipher(key)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(padded))
		cipher.NewCBCEncrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(got, padded)
		if want := hexBlock(t, name); !bytes.Equal(got, want) {
			t.Errorf("%s is %x, the text has %x", name, got, want)
		}
	}
	sum := cksumAsWritten(plaintext)
	if want := binary.LittleEndian.Uint32(hexBlock(t, "cksum")); sum != want {
		t.Errorf("cksum is %d, the text has %d", sum, want)
	}
	if want := fmt.Sprintf("Its cksum is %d, in the order of a 32-bit number `%08x`", sum, sum); !strings.Contains(protocolText, want) {
		t.Errorf("the text does not say %q", want)
	}
}

// cksumAsWritten follows the description in section 4.5 word by word; it checks
// that description, so it does not use the package cksum.
func cksumAsWritten(data []byte) uint32 {
	feed := func(crc uint32, b byte) uint32 {
		entry := (crc>>24 ^ uint32(b)) << 24
		for range 8 {
			carry := entry >> 31
			entry = entry<<1 ^ carry*0x04C11DB7
		}
		return crc<<8 ^ entry
	}
	var crc uint32
	for _, b := range data {
		crc = feed(crc, b)
	}
	for n := len(data); n > 0; n /= 256 {
		crc = feed(crc, byte(n%256))
	}
	return ^crc
}

func TestCksumDescription(t *testing.T) {
	for input, want := range map[string]uint32{"": 4294967295, "123456789": 930766865} {
		if got := cksumAsWritten([]byte(input)); got != want {
			t.Errorf("cksum of %q is %d, want %d", input, got, want)
		}
		if !strings.Contains(protocolText, fmt.Sprintf("| %d | %08x |", want, want)) {
			t.Errorf("the text's table lacks %d", want)
		}
	}
}
