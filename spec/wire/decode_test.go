package wire

import (
	"bytes"
	"errors"
	"testing"

	"github.com/xferspec/xferspec/spec"
)

func TestTruncatedMessagesAreNotDecoded(t *testing.T) {
	for _, ed := range spec.Editions() {
		for _, m := range samples(ed) {
			request := m.Type().IsRequest()
			frame := mustEncode(t, ed, m)
			header := headerSize(request)
			for cut := range frame {
				_, err := decode(ed, request, frame[:cut])
				if cut < header {
					clause := map[bool]string{true: "FRM-2", false: "FRM-3"}[request]
					wantError(t, err, clause, fieldAt(HeaderLayout(request), cut), cut)
				} else {
					wantError(t, err, "FRM-4", "payload size", header-4)
				}
			}
			_, err := decode(ed, request, append(frame, 0))
			wantError(t, err, "FRM-4", "payload size", header-4)
		}
	}
}

func TestTruncatedHeaderNamesTheFieldItEndsIn(t *testing.T) {
	ed := edition(t, "2024a")
	for cut, want := range map[int]string{0: "client id", 15: "client id", 16: "version", 17: "code", 18: "code", 19: "payload size", 22: "payload size"} {
		_, _, err := DecodeRequest(ed, make([]byte, cut))
		wantError(t, err, "FRM-2", want, cut)
	}
	for cut, want := range map[int]string{0: "version", 1: "code", 2: "code", 3: "payload size", 6: "payload size"} {
		_, _, err := DecodeResponse(ed, make([]byte, cut))
		wantError(t, err, "FRM-3", want, cut)
	}
}

// resized returns a message with n bytes of payload more, or fewer, declared so.
func resized(t *testing.T, ed *spec.Edition, m Message, n int) []byte {
	t.Helper()
	frame := mustEncode(t, ed, m)
	header := headerSize(m.Type().IsRequest())
	payload := make([]byte, len(frame)-header+n)
	copy(payload, frame[header:])
	frame = append(frame[:header:header], payload...)
	frame[header-4], frame[header-3] = byte(len(payload)), byte(len(payload)>>8)
	return frame
}

func TestWrongSizesAreRefused(t *testing.T) {
	for _, ed := range spec.Editions() {
		for _, m := range samples(ed) {
			request := m.Type().IsRequest()
			clause := "FRM-12"
			if !request {
				clause = sizeClauses[m.Type()]
			}
			least, open := PayloadSize(ed, m.Type())
			for _, n := range []int{-least, -1, 1, 1000} {
				if file, ok := m.(*File); ok {
					n -= len(file.Content) // so that it is counted from the least payload
				}
				size := len(mustEncode(t, ed, m)) - headerSize(request) + n
				if size < 0 || size == least || open && size > least {
					continue
				}
				frame := resized(t, ed, m, n)
				_, err := decode(ed, request, frame)
				wantError(t, err, clause, "payload size", headerSize(request)-4)
				_, err = read(newReader(ed, request, bytes.NewReader(frame)))
				wantError(t, err, clause, "payload size", headerSize(request)-4)
			}
		}
	}
}

func TestWrongSizesSayWhatIsRight(t *testing.T) {
	ed := edition(t, "2024a")
	for want, frame := range map[string][]byte{
		"payload size at offset 19: 256 declared, register has 255 (FRM-12)":      resized(t, ed, &Register{"Ada"}, 1),
		"payload size at offset 19: 266 declared, file has at least 267 (FRM-12)": resized(t, ed, &File{Name: "x"}, -1),
	} {
		if _, _, err := DecodeRequest(ed, frame); err == nil || err.Error() != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
	const want = "payload size at offset 3: 17 declared, thanks has 16 (CRC-2)"
	if _, _, err := DecodeResponse(ed, resized(t, ed, &Thanks{}, 1)); err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestUnknownCodesAreRefused(t *testing.T) {
	ed := edition(t, "2024a")
	for _, code := range []uint16{0, 1024, 1032, 1600, 65535} {
		h, m, err := DecodeRequest(ed, RequestHeader{Client: ada, Version: 3, Code: code}.Append(nil))
		wantError(t, err, "ERR-1", "code", 17)
		if m != nil || h.Code != code || h.Client != ada {
			t.Errorf("code %d: header %+v and message %v", code, h, m)
		}
	}
	for _, code := range []uint16{0, 1599, 1608, 1025} {
		h, m, err := DecodeResponse(ed, ResponseHeader{Version: 3, Code: code}.Append(nil))
		wantError(t, err, "RTY-4", "code", 1)
		if m != nil || h.Code != code {
			t.Errorf("code %d: header %+v and message %v", code, h, m)
		}
	}
	_, _, err := DecodeResponse(ed, ResponseHeader{Code: 2100}.Append(nil))
	if want := "code at offset 1: 2100 is no response of edition 2024a"; err == nil || err.Error() != want {
		t.Errorf("got %v, a clause for clients told to a server's author\nwant %s", err, want)
	}
	_, _, err = DecodeRequest(ed, RequestHeader{Code: 1099}.Append(nil))
	if want := "code at offset 17: 1099 is no request of edition 2024a (ERR-1)"; err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestFirstFaultIsReported(t *testing.T) {
	ed := edition(t, "2022c")
	frame := mustEncode(t, ed, &CRCOK{"wire.txt"})
	frame[23] ^= 1     // the repeated id
	frame[39] = '\x80' // the first byte of the name
	_, _, err := DecodeRequest(ed, frame)
	wantError(t, err, "FIL-17", "client id (repeated)", 23)
}

func TestDecodedSlicesEndWithTheirField(t *testing.T) {
	ed := edition(t, "2024a")
	frame := append(mustEncode(t, ed, &KeyAccepted{ada, make([]byte, WrappedKeySize)}), "next"...)
	_, m, err := DecodeResponse(ed, frame[:len(frame)-4])
	if err != nil {
		t.Fatal(err)
	}
	if _ = append(m.(*KeyAccepted).Wrapped, "over"...); string(frame[len(frame)-4:]) != "next" {
		t.Error("appending to a field wrote over the bytes behind it")
	}
}

func TestErrorsAreFoundByType(t *testing.T) {
	_, _, err := DecodeRequest(edition(t, "2024a"), nil)
	if fault, ok := errors.AsType[*Error](err); !ok || fault.Reason != "the header ends after 0 of 23 bytes" {
		t.Errorf("got %v", err)
	}
}
