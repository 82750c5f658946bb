package wire

import (
	"bytes"
	"testing"
)

func TestMessagesThatAnEditionLacksAreNotSent(t *testing.T) {
	old, ed := edition(t, "2022c"), edition(t, "2024a")
	_, err := AppendRequest(nil, old, ada, &Login{"Ada"})
	wantText(t, err, "login is no request of edition 2022c")
	_, err = AppendResponse(nil, old, &GeneralError{})
	wantText(t, err, "error is no response of edition 2022c")
	_, err = AppendRequest(nil, ed, ada, &Thanks{})
	wantText(t, err, "thanks is no request of edition 2024a")
	_, err = AppendResponse(nil, ed, &Login{"Ada"})
	wantText(t, err, "login is no response of edition 2024a")
}

func wantText(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestAppendAppends(t *testing.T) {
	ed := edition(t, "2024a")
	var stream, want []byte
	for _, m := range []Message{&Register{"Ada"}, &File{Name: "x", Content: []byte{1, 2, 3}}, &CRCOK{"x"}} {
		var err error
		if stream, err = AppendRequest(stream, ed, ada, m); err != nil {
			t.Fatal(err)
		}
		want = append(want, mustEncode(t, ed, m)...)
	}
	if !bytes.Equal(stream, want) {
		t.Errorf("three requests in a row are\n%x\nwant\n%x", stream, want)
	}
}
