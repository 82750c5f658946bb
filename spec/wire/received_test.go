package wire

import "testing"

func TestFileReceived(t *testing.T) {
	m := &FileReceived{Client: ada, ContentSize: 48, Name: "wire.txt", Cksum: 322289212}
	const payload = adaHex + "30000000 776972652e747874 00*247 3cbe3513"
	checkGolden(t,
		golden{"2024a", m, "03 4306 17010000 " + payload},
		golden{"2022c", m, "03 3708 17010000 " + payload},
		golden{"2023a", m, "03 3708 17010000 " + payload},
	)
}
