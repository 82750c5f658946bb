//go:build !amd64

package seal

import "crypto/cipher"

// hasUnchainer says that CBC decryption is that of the standard library.
const hasUnchainer = false

func newUnchainer([]byte) func(cipher.Block, []byte) cipher.BlockMode { return cipher.NewCBCDecrypter }
