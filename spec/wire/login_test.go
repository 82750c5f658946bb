package wire

import "testing"

func TestLogin(t *testing.T) {
	checkGolden(t,
		golden{"2024a", &Login{"Ada"}, adaHex + "03 0304 ff000000 416461 00*252"},
		golden{"2023a", &Login{"Ada"}, adaHex + "03 4e04 ff000000 416461 00*252"},
		golden{"2024c", &Login{"Ada"}, adaHex + "03 3b03 ff000000 416461 00*252"},
	)
}
