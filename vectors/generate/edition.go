package generate

// edition is one semester's numbers, written down here a second time so that a
// slip in the ones under test is noticed.
type edition struct {
	name      string
	requests  []uint16 // in the order of requestNames; 0: no such message
	responses []uint16 // in the order of responseNames
	keySize   int      // of AES, in bytes
	packets   bool     // packet fields in the file message
	repeatID  bool     // client id in the payload of file and crc messages
	noThanks  bool     // thanks is empty
	full      bool     // has the vectors that would be alike in all editions too
}

var (
	requestNames  = []string{"register", "public-key", "login", "file", "crc-ok", "crc-bad", "crc-abort"}
	responseNames = []string{"registered", "registration-refused", "key-accepted", "file-received", "thanks", "login-accepted", "login-refused", "error"}
)

func editions() []edition {
	return []edition{
		{
			name:      "2022c",
			requests:  []uint16{1100, 1101, 0, 1103, 1104, 1105, 1106},
			responses: []uint16{2100, 2101, 2102, 2103, 2104, 0, 0, 0},
			keySize:   16, repeatID: true, noThanks: true,
		},
		{
			name:      "2023a",
			requests:  []uint16{1100, 1101, 1102, 1103, 1104, 1105, 1106},
			responses: []uint16{2100, 2101, 2102, 2103, 2104, 2105, 2106, 2107},
			keySize:   16,
		},
		{
			name:      "2023c",
			requests:  []uint16{1025, 1026, 1027, 1028, 1029, 1030, 1031},
			responses: []uint16{2100, 2101, 2102, 2103, 2104, 2105, 2106, 2107},
			keySize:   16,
		},
		{
			name:      "2024a",
			requests:  []uint16{1025, 1026, 1027, 1028, 1029, 1030, 1031},
			responses: []uint16{1600, 1601, 1602, 1603, 1604, 1605, 1606, 1607},
			keySize:   32, packets: true, full: true,
		},
		{
			name:      "2024c",
			requests:  []uint16{825, 826, 827, 828, 900, 901, 902},
			responses: []uint16{1600, 1601, 1602, 1603, 1604, 1605, 1606, 1607},
			keySize:   32, packets: true,
		},
	}
}

// code returns a message's code; 0 where the edition has no such message.
func (ed edition) code(message string) uint16 {
	for i, name := range requestNames {
		if name == message {
			return ed.requests[i]
		}
	}
	for i, name := range responseNames {
		if name == message {
			return ed.responses[i]
		}
	}
	return 0
}

func (ed edition) hasLogin() bool { return ed.code("login") != 0 }
