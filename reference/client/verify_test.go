package client_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// mismatch spoils the checksum of the first n answers to a file.
func mismatch(n int) func(*request, []byte) ([]byte, error) {
	answers := 0
	return func(r *request, right []byte) ([]byte, error) {
		if r.message.Type() == spec.TypeFile {
			if answers++; answers <= n {
				right[len(right)-1] ^= 0x80
			}
		}
		return right, nil
	}
}

// CRC-5 to CRC-7, in every edition.
func TestChecksumMismatch(t *testing.T) {
	for _, e := range spec.Editions() {
		for n := range 5 {
			t.Run(e.Name+"/"+strings.Repeat("x", n), func(t *testing.T) {
				t.Parallel()
				f := (&fake{edition: e, answer: mismatch(n)}).start(t)
				o := newOutbox(t, f.addr, pattern(3000))
				o.register(f)
				output, err := o.run(f)
				var want []spec.MessageType
				for range min(n, 3) {
					want = append(want, spec.TypeFile, spec.TypeCRCBad)
				}
				want = append(want, spec.TypeFile, spec.TypeCRCOK)
				if n == 4 {
					want[len(want)-1] = spec.TypeCRCAbort
				}
				requests := f.received()
				if got := types(requests)[1:]; !slices.Equal(got, want) {
					t.Errorf("sent %v, want %v", got, want)
				}
				wantIdentical(t, requests, spec.TypeFile, min(n+1, 4))
				if failed := errors.Is(err, client.ErrMismatch); failed != (n == 4) || (err != nil) != failed {
					t.Errorf("after %d mismatches: %v", n, err)
				}
				if strings.Contains(output, errorLine) || strings.Contains(output, "is verified") == (n == 4) {
					t.Errorf("output after %d mismatches:\n%s", n, output)
				}
			})
		}
	}
}

// Whatever answers 1031, the run has failed for the mismatch.
func TestGivingUpIsAFailure(t *testing.T) {
	tests := []struct {
		name    string
		spoil   func(f *fake, right []byte) ([]byte, error)
		errors  int
		because string
	}{
		{"thanks", func(_ *fake, right []byte) ([]byte, error) { return right, nil }, 0, "differs after every transfer"},
		{"1607", func(f *fake, right []byte) ([]byte, error) { return instead(&wire.GeneralError{})(f, right), nil }, 4, "did not acknowledge"},
		{"the end", func(*fake, []byte) ([]byte, error) { return nil, errHangUp }, 0, "did not acknowledge"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			wrong := mismatch(4)
			f := &fake{}
			f.answer = func(r *request, right []byte) ([]byte, error) {
				if r.message.Type() == spec.TypeCRCAbort {
					return tt.spoil(f, right)
				}
				return wrong(r, right)
			}
			f.start(t)
			o := newOutbox(t, f.addr, pattern(3000))
			o.register(f)
			output, err := o.run(f)
			if !errors.Is(err, client.ErrMismatch) || !strings.Contains(err.Error(), tt.because) {
				t.Errorf("error %v, want one with %q", err, tt.because)
			}
			if got := strings.Count(output, errorLine); got != tt.errors {
				t.Errorf("%d error responses reported, want %d:\n%s", got, tt.errors, output)
			}
		})
	}
}

// Transfers after a mismatch have their own sendings, and error responses do not
// count as mismatches: here each of four transfers is answered with three errors.
func TestMismatchesAndErrorsAreCountedApart(t *testing.T) {
	wrong := mismatch(3)
	f := &fake{}
	f.answer = func(r *request, right []byte) ([]byte, error) {
		if r.message.Type() == spec.TypeFile && r.nth%4 != 3 {
			return instead(&wire.GeneralError{})(f, right), nil
		}
		return wrong(r, right)
	}
	f.start(t)
	o := newOutbox(t, f.addr, pattern(3000))
	o.register(f)
	output, err := o.run(f)
	if err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	wantIdentical(t, f.received(), spec.TypeFile, 16)
}
