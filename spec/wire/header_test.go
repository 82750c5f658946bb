package wire

import (
	"bytes"
	"strings"
	"testing"
)

func TestIDInHex(t *testing.T) {
	const text = "f32bda4aee8743e791352fdf311cee77"
	if ada.String() != text {
		t.Errorf("got %s", ada)
	}
	for _, s := range []string{text, strings.ToUpper(text)} {
		if id, err := ParseID(s); err != nil || id != ada {
			t.Errorf("%s: %s, %v", s, id, err)
		}
	}
	for _, s := range []string{"", text[1:], text + "0", "x" + text[1:], " " + text[1:]} {
		if id, err := ParseID(s); err == nil || id != (ID{}) {
			t.Errorf("%q is read as %s", s, id)
		}
	}
}

func TestHeaders(t *testing.T) {
	request := RequestHeader{Client: ada, Version: 3, Code: 0x0401, Size: 0x01020304}
	want := unhex(t, adaHex+"03 0104 04030201")
	if got := request.Append([]byte{0xaa})[1:]; !bytes.Equal(got, want) {
		t.Errorf("request header %x, want %x", got, want)
	}
	if got := parseRequestHeader(want); got != request {
		t.Errorf("request header read as %+v", got)
	}
	response := ResponseHeader{Version: 255, Code: 0x0640, Size: 1<<32 - 1}
	want = unhex(t, "ff 4006 ffffffff")
	if got := response.Append([]byte{0xaa})[1:]; !bytes.Equal(got, want) {
		t.Errorf("response header %x, want %x", got, want)
	}
	if got := parseResponseHeader(want); got != response {
		t.Errorf("response header read as %+v", got)
	}
}

func TestVersionIsNotJudged(t *testing.T) {
	ed := edition(t, "2024a")
	for _, m := range []Message{&Register{"Ada"}, &Registered{ada}} {
		frame := mustEncode(t, ed, m)
		frame[headerSize(m.Type().IsRequest())-ResponseHeaderSize] = 99
		if _, err := decode(ed, m.Type().IsRequest(), frame); err != nil {
			t.Errorf("%s of version 99: %v", m.Type(), err)
		}
	}
	frame := RequestHeader{Version: 99, Code: 1025, Size: 255}.Append(nil)
	h, _, err := DecodeRequest(ed, append(frame, make([]byte, 255)...))
	if err != nil || h != (RequestHeader{Version: 99, Code: 1025, Size: 255}) {
		t.Errorf("%+v, %v", h, err)
	}
}
