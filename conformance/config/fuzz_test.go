package config

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance/report"
)

func FuzzRead(f *testing.F) {
	f.Add([]byte("edition: 2024a\nserver: {dir: server, run: [python3, main.py]}\nclient: {image: mine}\n"))
	f.Add([]byte("server: {addr: \"127.0.0.1:1256\"}\nknown-failures:\n  - {case: SRV-FIL-11, reason: \"recv()\", until: 2027-03-01}\n"))
	f.Add([]byte("server: {run: [x]}\nserver: 7\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		expectLocated(t, decode(Name, schemaURL, text, new(File)))
	})
}

func FuzzReadKnownFailures(f *testing.F) {
	f.Add([]byte("- {case: SRV-FIL-11, reason: known, until: 2027-03-01}\n- case: CLT-REG-01\n"))
	f.Add([]byte("- &a {case: *a}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var known []report.Known
		expectLocated(t, decode("known.yaml", schemaURL+"#/$defs/known-failures", text, &known))
	})
}

func FuzzReadMatrix(f *testing.F) {
	text, err := os.ReadFile("../../ci/matrix.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte("servers: [{name: a, run: [x]}]\nclients: [{name: b, run: [y]}]\nsizes: [0]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		expectLocated(t, decode("matrix.yaml", "matrix.schema.json", text, new(Matrix)))
	})
}

// expectLocated wants an error to say where the fault is, in one line.
func expectLocated(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	fault, ok := errors.AsType[*Error](err)
	if !ok || fault.Line < 1 || fault.Column < 1 || strings.ContainsAny(err.Error(), "\r\n") {
		t.Errorf("%q", err)
	}
}
