package spec

import (
	"fmt"
	"testing"
)

func TestMessageTypesAreRequestsOrResponses(t *testing.T) {
	if got := fmt.Sprintf("%v", RequestTypes()); got != "[register public-key login file crc-ok crc-bad crc-abort]" {
		t.Errorf("requests: %s", got)
	}
	if got := fmt.Sprintf("%v", ResponseTypes()); got != "[registered registration-refused key-accepted file-received thanks login-accepted login-refused error]" {
		t.Errorf("responses: %s", got)
	}
	for _, m := range RequestTypes() {
		if !m.IsRequest() || m.IsResponse() {
			t.Errorf("%s is not a request alone", m)
		}
	}
	for _, m := range ResponseTypes() {
		if m.IsRequest() || !m.IsResponse() {
			t.Errorf("%s is not a response alone", m)
		}
	}
	for _, m := range []MessageType{TypeUnknown, typeCount, 255} {
		if m.IsRequest() || m.IsResponse() {
			t.Errorf("%s is a message", m)
		}
	}
	if got := TypeUnknown.String() + ", " + MessageType(200).String(); got != "unknown, message type 200" {
		t.Errorf("no messages: %s", got)
	}
}
