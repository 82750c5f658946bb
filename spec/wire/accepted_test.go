package wire

import "testing"

func TestKeyAccepted(t *testing.T) {
	wrapped := unhex(t, "9d2fc8e1 a5*124")
	checkGolden(t,
		golden{"2024a", &KeyAccepted{ada, wrapped}, "03 4206 90000000 " + adaHex + "9d2fc8e1 a5*124"},
		golden{"2022c", &KeyAccepted{ada, wrapped}, "03 3608 90000000 " + adaHex + "9d2fc8e1 a5*124"},
	)
}

func TestLoginAccepted(t *testing.T) {
	wrapped := unhex(t, "9d2fc8e1 a5*124")
	checkGolden(t,
		golden{"2024a", &LoginAccepted{ada, wrapped}, "03 4506 90000000 " + adaHex + "9d2fc8e1 a5*124"},
		golden{"2023a", &LoginAccepted{ada, wrapped}, "03 3908 90000000 " + adaHex + "9d2fc8e1 a5*124"},
	)
}

func TestWrappedKeyOfAnotherLengthIsNotSent(t *testing.T) {
	ed := edition(t, "2024a")
	for _, size := range []int{0, 127, 129} {
		_, err := AppendResponse(nil, ed, &KeyAccepted{ada, make([]byte, size)})
		wantError(t, err, "KEY-2", "wrapped key", 23)
		_, err = AppendResponse(nil, ed, &LoginAccepted{ada, make([]byte, size)})
		wantError(t, err, "LGN-2", "wrapped key", 23)
	}
}
