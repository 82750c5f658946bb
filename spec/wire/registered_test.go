package wire

import "testing"

func TestRegistered(t *testing.T) {
	checkGolden(t,
		golden{"2024a", &Registered{ada}, "03 4006 10000000 " + adaHex},
		golden{"2022c", &Registered{ada}, "03 3408 10000000 " + adaHex},
		golden{"2023c", &Registered{ada}, "03 3408 10000000 " + adaHex},
	)
}

func TestRegistrationRefused(t *testing.T) {
	checkGolden(t,
		golden{"2024a", &RegistrationRefused{}, "03 4106 00000000"},
		golden{"2022c", &RegistrationRefused{}, "03 3508 00000000"},
	)
}
