//go:build !amd64

package cksum

// mirror is mirrorWords: on arm64, for one, the compiler makes an instruction of
// the reversal.
func mirror(dst, src []byte) { mirrorWords(dst, src) }
