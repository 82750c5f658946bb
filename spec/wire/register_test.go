package wire

import "testing"

func TestRegister(t *testing.T) {
	checkGolden(t,
		golden{"2024a", &Register{"Ada Lovelace"}, adaHex + "03 0104 ff000000" +
			" 416461204c6f76656c616365 00*243"},
		golden{"2022c", &Register{"Ada"}, adaHex + "03 4c04 ff000000 416461 00*252"},
		golden{"2023a", &Register{"Ada"}, adaHex + "03 4c04 ff000000 416461 00*252"},
		golden{"2023c", &Register{"Ada"}, adaHex + "03 0104 ff000000 416461 00*252"},
		golden{"2024c", &Register{""}, adaHex + "03 3903 ff000000 00*255"},
	)
}
