package main

import "testing"

func TestQuoteFor(t *testing.T) {
	for _, tt := range []struct{ system, word, want string }{
		{"linux", `main.py`, `main.py`},
		{"linux", `my server`, `'my server'`},
		{"linux", `it's`, `'it'\''s'`},
		{"linux", `build\client`, `'build\client'`},
		{"linux", ``, `''`},
		{"windows", `C:\build\client.exe`, `C:\build\client.exe`},
		{"windows", `C:\Program Files\client.exe`, `"C:\Program Files\client.exe"`},
		{"windows", `{port}`, `"{port}"`},
		{"windows", `say "x"`, `"say \"x\""`},
		{"windows", ``, `""`},
	} {
		if got := quoteFor(tt.system, tt.word); got != tt.want {
			t.Errorf("%s: %s becomes %s, want %s", tt.system, tt.word, got, tt.want)
		}
	}
}
