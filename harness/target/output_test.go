package target

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTailKeepsTheEnd(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var got tail
		var all strings.Builder
		for range rapid.IntRange(0, 20).Draw(rt, "writes") {
			size := rapid.SampledFrom([]int{0, 1, 100, outputSize - 1, outputSize, outputSize + 1, 3 * outputSize}).Draw(rt, "size")
			part := strings.Repeat(rapid.StringMatching(`[a-z]`).Draw(rt, "letter"), size)
			if n, err := got.Write([]byte(part)); n != size || err != nil {
				rt.Fatalf("wrote %d of %d, %v", n, size, err)
			}
			all.WriteString(part)
		}
		want := all.String()
		if want = want[max(0, len(want)-outputSize):]; got.String() != want {
			rt.Fatalf("%d bytes are kept, %d are wanted, or others", len(got.String()), len(want))
		}
	})
}
