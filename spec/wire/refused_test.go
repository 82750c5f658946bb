package wire

import "testing"

func TestLoginRefused(t *testing.T) {
	checkGolden(t,
		golden{"2024a", &LoginRefused{ada}, "03 4606 10000000 " + adaHex},
		golden{"2023c", &LoginRefused{ada}, "03 3a08 10000000 " + adaHex},
	)
}

func TestGeneralError(t *testing.T) {
	checkGolden(t,
		golden{"2024a", &GeneralError{}, "03 4706 00000000"},
		golden{"2023a", &GeneralError{}, "03 3b08 00000000"},
	)
}
