package state

import (
	"strings"
	"testing"
)

func TestParseTransferInfo(t *testing.T) {
	plain := TransferInfo{"127.0.0.1:1256", "Ada Lovelace", "dir/a file.txt"}
	long := strings.Repeat("n", 100)
	for text, want := range map[string]TransferInfo{
		"127.0.0.1:1256\nAda Lovelace\ndir/a file.txt":            plain,
		"127.0.0.1:1256\nAda Lovelace\ndir/a file.txt\n":          plain,
		"127.0.0.1:1256\r\nAda Lovelace\r\ndir/a file.txt\r\n":    plain,
		"127.0.0.1:1256 \nAda Lovelace\t \ndir/a file.txt  \n\n ": plain,
		"127.0.0.1:1256\n" + long + "\n/x":                        {"127.0.0.1:1256", long, "/x"},
		"[::1]:1\nA\n" + `C:\Users\Ada\x`:                         {"[::1]:1", "A", `C:\Users\Ada\x`},
		"localhost:65535\n A\n x":                                 {"localhost:65535", " A", " x"},
		"a_server.example-1.com:1256\nA\nétude.txt":               {"a_server.example-1.com:1256", "A", "étude.txt"},
		"0.0.0.0:1256\nA\nx":                                      {"0.0.0.0:1256", "A", "x"},
	} {
		if got, err := ParseTransferInfo([]byte(text)); err != nil || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestParseTransferInfoRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "transfer.info: the file is empty: write three lines: IP:port, name, path of the file (CFG-1)",
		"1.2.3.4:5":                          "transfer.info line 2: the name is missing: write the client's name here (CFG-1)",
		"1.2.3.4:5\nAda\n":                   "transfer.info line 3: the path is missing: write the path of the file to send here (CFG-1)",
		"1.2.3.4:5\n\nAda\nx":                "transfer.info line 2: the name is missing: write the client's name here (CFG-1)",
		"1.2.3.4:5\nAda\n \nx":               "transfer.info line 3: the path is missing: write the path of the file to send here (CFG-1)",
		"1.2.3.4:5\nAda\nx\ny":               "transfer.info line 4: the file has three lines, this is one more: delete it (CFG-1)",
		"1.2.3.4:5\nAda\nx\n\n\ny":           "transfer.info line 6: the file has three lines, this is one more: delete it (CFG-1)",
		"\n1.2.3.4:5\nAda\nx":                `transfer.info line 1: "" is no address: write IP:port, such as 127.0.0.1:1256 or [::1]:1256 (CFG-1)`,
		"1.2.3.4\nAda\nx":                    `transfer.info line 1: "1.2.3.4" is no address: write IP:port, such as 127.0.0.1:1256 or [::1]:1256 (CFG-1)`,
		"::1:5\nAda\nx":                      `transfer.info line 1: "::1:5" is no address: write IP:port, such as 127.0.0.1:1256 or [::1]:1256 (CFG-1)`,
		"1.2.3.4:0\nAda\nx":                  `transfer.info line 1: "1.2.3.4:0" is no address: the port is not from 1 to 65535, write IP:port, such as 127.0.0.1:1256 (CFG-1)`,
		"1.2.3.4:65536\nAda\nx":              `transfer.info line 1: "1.2.3.4:65536" is no address: the port is not from 1 to 65535, write IP:port, such as 127.0.0.1:1256 (CFG-1)`,
		"1.2.3.4:http\nAda\nx":               `transfer.info line 1: "1.2.3.4:http" is no address: the port is not from 1 to 65535, write IP:port, such as 127.0.0.1:1256 (CFG-1)`,
		":5\nAda\nx":                         `transfer.info line 1: ":5" is no address: the host is neither an IP address nor a name, write IP:port, such as 127.0.0.1:1256 (CFG-1)`,
		"1.2.3.400:5\nAda\nx":                `transfer.info line 1: "1.2.3.400:5" is no address: the host is neither an IP address nor a name, write IP:port, such as 127.0.0.1:1256 (CFG-1)`,
		"[1.2.3.4]:5\nAda\nx":                `transfer.info line 1: "[1.2.3.4]:5" is no address: the host is neither an IP address nor a name, write IP:port, such as 127.0.0.1:1256 (CFG-1)`,
		"[localhost]:5\nAda\nx":              `transfer.info line 1: "[localhost]:5" is no address: the host is neither an IP address nor a name, write IP:port, such as 127.0.0.1:1256 (CFG-1)`,
		" 1.2.3.4:5\nAda\nx":                 `transfer.info line 1: " 1.2.3.4:5" is no address: the host is neither an IP address nor a name, write IP:port, such as 127.0.0.1:1256 (CFG-1)`,
		"a..b:5\nAda\nx":                     `transfer.info line 1: "a..b:5" is no address: the host is neither an IP address nor a name, write IP:port, such as 127.0.0.1:1256 (CFG-1)`,
		"\ufeff1.2.3.4:5\nAda\nx":            `transfer.info line 1: "\ufeff1.2.3.4:5" is no address: the host is neither an IP address nor a name, write IP:port, such as 127.0.0.1:1256 (CFG-1)`,
		"1.2.3.4:5\nAd\xc3\xa1\nx":           "transfer.info line 2: byte 3 of the name is 0xc3: write the name in printable ASCII (CFG-1)",
		"1.2.3.4:5\nA\tda\nx":                "transfer.info line 2: byte 2 of the name is 0x09: write the name in printable ASCII (CFG-1)",
		"1:5\nAda\nx":                        `transfer.info line 1: "1:5" is no address: the host is neither an IP address nor a name, write IP:port, such as 127.0.0.1:1256 (CFG-1)`,
		"h:5\n" + strings.Repeat("n", 101):   "transfer.info line 2: the name has 101 characters: shorten it to 100 (CFG-1)",
		strings.Repeat("h", 64) + ":5\nA\nx": `transfer.info line 1: "` + strings.Repeat("h", 60) + `" is no address: the host is neither an IP address nor a name, write IP:port, such as 127.0.0.1:1256 (CFG-1)`,
	} {
		_, err := ParseTransferInfo([]byte(text))
		wantError(t, err, want)
	}
	tooLong := strings.Repeat(strings.Repeat("h", 50)+".", 5) + "com:5\nA\nx"
	if _, err := ParseTransferInfo([]byte(tooLong)); err == nil {
		t.Error("a host name of 258 characters is accepted")
	}
	wantTooLarge(t, func(text []byte) error { _, err := ParseTransferInfo(text); return err }, []byte("1.2.3.4:5\nAda\nx"))
}

func TestFormatTransferInfo(t *testing.T) {
	if got := string(TransferInfo{"1.2.3.4:5", "Ada", "a/b"}.Format()); got != "1.2.3.4:5\nAda\na/b" {
		t.Errorf("%q", got)
	}
}

func FuzzParseTransferInfo(f *testing.F) {
	for _, text := range []string{
		"127.0.0.1:1256\nAda\nwire.txt", "[::1]:1\r\nAda\r\nC:\\x\r\n\r\n", "localhost:1\nA\nx\ny", "1.2.3.4:0\n\n", "",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		info, err := ParseTransferInfo(text)
		if err != nil {
			return
		}
		if again, err := ParseTransferInfo(info.Format()); err != nil || again != info {
			t.Errorf("%+v was written and read as %+v, %v", info, again, err)
		}
	})
}
