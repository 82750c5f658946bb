package cksum_test

// tableSum is the oracle: the checksum straight from the definition, with one
// table look-up for each byte, highest bit first.
func tableSum(p []byte) uint32 {
	var register uint32
	step := func(b byte) { register = register<<8 ^ table[byte(register>>24)^b] }
	for _, b := range p {
		step(b)
	}
	for n := len(p); n > 0; n >>= 8 {
		step(byte(n))
	}
	return ^register
}

var table = makeTable()

func makeTable() (t [256]uint32) {
	const polynomial = 0x04C11DB7
	for i := range t {
		remainder := uint32(i) << 24
		for range 8 {
			carry := remainder >> 31
			remainder = remainder<<1 ^ carry*polynomial
		}
		t[i] = remainder
	}
	return t
}
