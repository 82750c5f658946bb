package wire

import "testing"

func TestCRC(t *testing.T) {
	const name = " 776972652e747874 00*247"
	checkGolden(t,
		golden{"2024a", &CRCOK{"wire.txt"}, adaHex + "03 0504 ff000000" + name},
		golden{"2024a", &CRCBad{"wire.txt"}, adaHex + "03 0604 ff000000" + name},
		golden{"2024a", &CRCAbort{"wire.txt"}, adaHex + "03 0704 ff000000" + name},
		golden{"2022c", &CRCOK{"wire.txt"}, adaHex + "03 5004 0f010000 " + adaHex + name},
		golden{"2022c", &CRCBad{"wire.txt"}, adaHex + "03 5104 0f010000 " + adaHex + name},
		golden{"2022c", &CRCAbort{"wire.txt"}, adaHex + "03 5204 0f010000 " + adaHex + name},
		golden{"2023a", &CRCOK{"wire.txt"}, adaHex + "03 5004 ff000000" + name},
		golden{"2024c", &CRCOK{"wire.txt"}, adaHex + "03 8403 ff000000" + name},
		golden{"2024c", &CRCBad{"wire.txt"}, adaHex + "03 8503 ff000000" + name},
		golden{"2024c", &CRCAbort{"wire.txt"}, adaHex + "03 8603 ff000000" + name},
	)
}
