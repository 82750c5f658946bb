package wire

import "testing"

func TestPublicKey(t *testing.T) {
	key := unhex(t, "30819d300d 5a*155")
	checkGolden(t,
		golden{"2024a", &PublicKey{"Ada", key}, adaHex + "03 0204 9f010000" +
			" 416461 00*252" +
			" 30819d300d 5a*155"},
		golden{"2022c", &PublicKey{"Ada", key}, adaHex + "03 4d04 9f010000 416461 00*252 30819d300d 5a*155"},
		golden{"2024c", &PublicKey{"Ada", key}, adaHex + "03 3a03 9f010000 416461 00*252 30819d300d 5a*155"},
	)
}

func TestPublicKeyOfAnotherLengthIsNotSent(t *testing.T) {
	for _, size := range []int{0, 159, 161, 162} {
		_, err := AppendRequest(nil, edition(t, "2024a"), ada, &PublicKey{"Ada", make([]byte, size)})
		wantError(t, err, "KEY-1", "public key", 278)
	}
}
