package wire

import "testing"

func TestThanks(t *testing.T) {
	checkGolden(t,
		golden{"2024a", &Thanks{ada}, "03 4406 10000000 " + adaHex},
		golden{"2023a", &Thanks{ada}, "03 3808 10000000 " + adaHex},
		golden{"2022c", &Thanks{}, "03 3808 00000000"},
	)
}
