//go:build !amd64

package seal

import "crypto/cipher"

// hasBlocks says that CBC is that of the standard library.
const hasBlocks = false

func beginEncryption([]byte) func(cipher.Block, []byte) cipher.BlockMode {
	return cipher.NewCBCEncrypter
}
func beginDecryption([]byte) func(cipher.Block, []byte) cipher.BlockMode {
	return cipher.NewCBCDecrypter
}
