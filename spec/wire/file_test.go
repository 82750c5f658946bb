package wire

import (
	"bytes"
	"testing"
)

func TestFile(t *testing.T) {
	content := []byte("0123456789abcdef")
	const contentHex = " 30313233343536373839616263646566"
	checkGolden(t,
		golden{"2024a", &File{1040, 1030, 2, 0x0201, "wire.txt", content}, adaHex + "03 0404 1b010000" +
			" 10040000 06040000 0200 0102" +
			" 776972652e747874 00*247" +
			contentHex},
		golden{"2024c", &File{1040, 1030, 2, 2, "wire.txt", content}, adaHex + "03 3c03 1b010000" +
			" 10040000 06040000 0200 0200" +
			" 776972652e747874 00*247" +
			contentHex},
		golden{"2023c", &File{ContentSize: 16, Name: "wire.txt", Content: content}, adaHex + "03 0404 13010000" +
			" 10000000" +
			" 776972652e747874 00*247" +
			contentHex},
		golden{"2023a", &File{ContentSize: 16, Name: "wire.txt", Content: content}, adaHex + "03 4f04 13010000" +
			" 10000000" +
			" 776972652e747874 00*247" +
			contentHex},
		golden{"2022c", &File{ContentSize: 16, Name: "wire.txt", Content: content}, adaHex + "03 4f04 23010000" +
			" " + adaHex +
			" 10000000" +
			" 776972652e747874 00*247" +
			contentHex},
	)
}

func TestFileWithoutContent(t *testing.T) {
	checkGolden(t, golden{"2024a", &File{1024, 1023, 2, 2, "wire.txt", nil}, adaHex + "03 0404 0b010000" +
		" 00040000 ff030000 0200 0200 776972652e747874 00*247"})
}

func TestFileHeadIsTheBeginningOfTheFile(t *testing.T) {
	for _, name := range []string{"2022c", "2023a", "2024a"} {
		ed := edition(t, name)
		content := bytes.Repeat([]byte{0xc1}, 1024)
		m := &File{ContentSize: 1024, Name: "wire.txt", Content: content}
		head, err := AppendFileHead([]byte("before"), ed, ada, m, len(content))
		if err != nil {
			t.Fatal(err)
		}
		want := append([]byte("before"), mustEncode(t, ed, m)...)
		if head = append(head, content...); !bytes.Equal(head, want) {
			t.Errorf("%s: head and content are\n%x\nwant\n%x", name, head, want)
		}
	}
}

func TestFileOfTooMuchContentIsNotSent(t *testing.T) {
	ed := edition(t, "2024a")
	if _, err := AppendFileHead(nil, ed, ada, &File{Name: "big"}, 1<<32-1-267); err != nil {
		t.Errorf("the largest payload is refused: %v", err)
	}
	for _, size := range []int{1<<32 - 267, -268} {
		_, err := AppendFileHead(nil, ed, ada, &File{Name: "big"}, size)
		wantError(t, err, "FRM-4", "payload size", 19)
	}
}

func TestRepeatedClientIDMustBeTheHeaders(t *testing.T) {
	ed := edition(t, "2022c")
	for _, m := range []Message{&File{Name: "wire.txt"}, &CRCOK{"wire.txt"}, &CRCBad{"wire.txt"}, &CRCAbort{"wire.txt"}} {
		f, err := RequestFrame(ed, ada, m)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.PutBytes("client id (repeated)", []byte{0}); err != nil {
			t.Fatal(err)
		}
		_, _, err = DecodeRequest(ed, f.Bytes)
		wantError(t, err, "FIL-17", "client id (repeated)", 23)
	}
}
