package state

import "testing"

func TestParsePort(t *testing.T) {
	for _, row := range []struct {
		text string
		want uint16
	}{
		{"1256", 1256}, {"1", 1}, {"65535", 65535}, {"01256", 1256},
		{"1256\n", 1256}, {"1256\r\n", 1256}, {" \t1256 \n\n", 1256}, {"\n1256", 1256},
	} {
		if got, err := ParsePort([]byte(row.text)); err != nil || got != row.want {
			t.Errorf("%q: %d, %v", row.text, got, err)
		}
	}
}

func TestParsePortRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "port.info: the file is empty: write a port from 1 to 65535 (STO-1)",
		" \r\n":                  "port.info: the file is empty: write a port from 1 to 65535 (STO-1)",
		"0":                      `port.info: "0" is no port: write a decimal number from 1 to 65535 and nothing else (STO-1)`,
		"65536":                  `port.info: "65536" is no port: write a decimal number from 1 to 65535 and nothing else (STO-1)`,
		"-1":                     `port.info: "-1" is no port: write a decimal number from 1 to 65535 and nothing else (STO-1)`,
		"+1":                     `port.info: "+1" is no port: write a decimal number from 1 to 65535 and nothing else (STO-1)`,
		"0x4e8":                  `port.info: "0x4e8" is no port: write a decimal number from 1 to 65535 and nothing else (STO-1)`,
		"1_256":                  `port.info: "1_256" is no port: write a decimal number from 1 to 65535 and nothing else (STO-1)`,
		"1256.0":                 `port.info: "1256.0" is no port: write a decimal number from 1 to 65535 and nothing else (STO-1)`,
		"12 56":                  `port.info: "12 56" is no port: write a decimal number from 1 to 65535 and nothing else (STO-1)`,
		"1256\n1257":             `port.info: "1256\n1257" is no port: write a decimal number from 1 to 65535 and nothing else (STO-1)`,
		"port=1256":              `port.info: "port=1256" is no port: write a decimal number from 1 to 65535 and nothing else (STO-1)`,
		"1256\x00":               `port.info: "1256\x00" is no port: write a decimal number from 1 to 65535 and nothing else (STO-1)`,
		"\u0661":                 `port.info: "١" is no port: write a decimal number from 1 to 65535 and nothing else (STO-1)`,
		"123456789012345678901x": `port.info: "12345678901234567890" is no port: write a decimal number from 1 to 65535 and nothing else (STO-1)`,
	} {
		_, err := ParsePort([]byte(text))
		wantError(t, err, want)
	}
	wantTooLarge(t, func(text []byte) error { _, err := ParsePort(text); return err }, []byte("1256"))
}

func TestFormatPort(t *testing.T) {
	if got := string(FormatPort(1256)); got != "1256" {
		t.Errorf("%q", got)
	}
}

func FuzzParsePort(f *testing.F) {
	for _, text := range []string{"1256", "1256\r\n", "0", "65536", "+1"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		port, err := ParsePort(text)
		if err != nil {
			return
		}
		if again, err := ParsePort(FormatPort(port)); err != nil || again != port || port == 0 {
			t.Errorf("%d was written and read as %d, %v", port, again, err)
		}
	})
}
