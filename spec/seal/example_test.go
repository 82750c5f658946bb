package seal_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/xferspec/xferspec/spec/seal"
)

// A client's key pair, a server's key under it, and a file on its way between them.
func Example() {
	client, err := seal.GenerateKey()
	check(err)
	public, err := seal.MarshalPublicKey(&client.PublicKey) // sent to the server
	check(err)

	pub, err := seal.ParsePublicKey(public)
	check(err)
	key, err := seal.NewKey(256)
	check(err)
	wrapped, err := seal.Wrap(pub, key) // sent to the client
	check(err)

	unwrapped, err := seal.Unwrap(client, wrapped, 32)
	check(err)
	e, err := seal.NewEncrypter(unwrapped)
	check(err)
	var ciphertext []byte // sent to the server, in packets
	file, chunk := strings.NewReader("a file of 23 characters"), make([]byte, 10)
	for {
		n, err := file.Read(chunk)
		ciphertext = e.Append(ciphertext, chunk[:n])
		if err == io.EOF {
			break
		}
		check(err)
	}
	ciphertext = e.Finish(ciphertext)

	d, err := seal.NewDecrypter(key)
	check(err)
	var plain bytes.Buffer
	plain.Write(d.Append(nil, ciphertext[:20]))
	plain.Write(d.Append(nil, ciphertext[20:]))
	last, err := d.Finish(nil)
	check(err)
	plain.Write(last)
	fmt.Println(len(public), len(wrapped), len(ciphertext), plain.String())
	// Output: 160 128 32 a file of 23 characters
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
