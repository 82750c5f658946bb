package cksum_test

import (
	"fmt"
	"io"
	"strings"

	"github.com/xferspec/xferspec/spec/cksum"
)

// A file is checksummed while it is read: here what `printf 123456789 | cksum` prints.
func Example() {
	d := cksum.New()
	n, err := io.Copy(d, strings.NewReader("123456789"))
	fmt.Println(d.Sum32(), n, err)
	// Output: 930766865 9 <nil>
}
