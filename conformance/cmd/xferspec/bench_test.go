package main

import (
	"slices"
	"testing"

	"github.com/xferspec/xferspec/spec"
)

func TestSplitWords(t *testing.T) {
	tests := []struct {
		text string
		want []string // nil: an error
	}{
		{"./server", []string{"./server"}},
		{"  python3  main.py\t-v ", []string{"python3", "main.py", "-v"}},
		{`'my server' --name "it's" a\ b ''`, []string{"my server", "--name", "it's", "a b", ""}},
		{`x'y'"z"\"`, []string{`xyz"`}},
		{`'a\b' "c\"d"`, []string{`a\b`, `c"d`}},
		{"", nil}, {" ", nil}, {"''", nil}, {"'open", nil}, {`open\`, nil},
	}
	for _, tt := range tests {
		got, err := splitWords(tt.text)
		if !slices.Equal(got, tt.want) || (err == nil) != (tt.want != nil) {
			t.Errorf("%q: %q, %v, want %q", tt.text, got, err, tt.want)
		}
	}
}

func TestPartner(t *testing.T) {
	for text, want := range map[string]string{"127.0.0.1:1256": "127.0.0.1:1256", "localhost:1": "localhost:1", "./server:1x": "", "server --port :1": ""} {
		got, err := partner(text, spec.Server)
		if err != nil || got.Addr != want || (len(got.Run) == 0) != (want != "") {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	if got, err := partner("reference", spec.Client); err != nil || len(got.Run) != 3 || got.Run[2] != "client" || got.Dir != "" {
		t.Errorf("%+v, %v", got, err)
	}
}
