package server_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/xferspec/xferspec/spec/wire"
)

// FIL-7, FIL-9, FIL-11: any file in packets of any length.
func TestFileOfAnyLength(t *testing.T) {
	for _, name := range []string{"2022c", "2024a"} {
		f := serve(t, edition(t, name), t.TempDir())
		c := f.ready("Ada")
		rapid.Check(t, func(rt *rapid.T) {
			plain := pattern(rapid.IntRange(0, 40000).Draw(rt, "length"))
			size := rapid.SampledFrom([]int{1000, 15, 16, 17, 1024, 5000, 1 << 20}).Draw(rt, "packet")
			if len(plain)/size > 1000 {
				size = 1024
			}
			for _, packet := range c.packets("f", plain, size) {
				c.send(packet)
			}
			c.want(c.received("f", plain))
			got, err := f.stored(c.id, "f")
			if err != nil || !bytes.Equal(got, plain) {
				rt.Fatalf("stored %d bytes, %v, sent %d", len(got), err, len(plain))
			}
		})
	}
}

// FIL-10, FIL-12 to FIL-15, FIL-25 to FIL-27: transfers of five packets that were
// changed. Each start of one is answered once, whatever it
// still sends.
func TestPackets(t *testing.T) {
	type packets = []*wire.File
	tests := []struct {
		name   string
		change func(p packets) packets
		want   string // the answers: r for received, e for an error
	}{
		{"as it should be", func(p packets) packets { return p }, "r"},
		{"an empty last packet", func(p packets) packets {
			for _, packet := range p {
				packet.Total = 6
			}
			last := *p[4]
			last.Number, last.Content = 6, nil
			return append(p, &last)
		}, "r"},
		{"an empty packet in between", func(p packets) packets {
			p[3].Content, p[2].Content = slices.Concat(p[2].Content, p[3].Content), nil
			return p
		}, "r"},
		{"packet 1 twice", func(p packets) packets { return slices.Insert(p, 1, p[0]) }, "r"}, // FIL-16
		{"a new start", func(p packets) packets { return slices.Concat(p[:3], p) }, "r"},
		{"a new start after a fault", func(p packets) packets { return slices.Concat(p[:2], p[3:4], p) }, "er"},

		{"packet 1 is missing", func(p packets) packets { return p[1:] }, "e"},
		{"packet 2 is missing", func(p packets) packets { return slices.Delete(p, 1, 2) }, "e"},
		{"packet 2 is repeated", func(p packets) packets { return slices.Insert(p, 1, p[1]) }, "e"},
		{"packets 3 and 4 are swapped", func(p packets) packets { p[2], p[3] = p[3], p[2]; return p }, "e"},
		{"packet 3 is numbered 0", func(p packets) packets { p[2].Number = 0; return p }, "e"},
		{"packet 3 is numbered above total", func(p packets) packets { p[2].Number = 9; return p }, "e"},
		{"packet 3 has another total", func(p packets) packets { p[2].Total = 9; return p }, "e"},
		{"packet 3 has another content size", func(p packets) packets { p[2].ContentSize++; return p }, "e"},
		{"packet 3 has another original size", func(p packets) packets { p[2].OriginalSize++; return p }, "e"},
		{"total 0", func(p packets) packets {
			for _, packet := range p {
				packet.Total = 0
			}
			return p
		}, "e"},
		{"one byte less", func(p packets) packets { p[4].Content = p[4].Content[1:]; return p }, "e"},
		{"a block less", func(p packets) packets { p[4].Content = p[4].Content[16:]; return p }, "e"},
		{"a byte more", func(p packets) packets { p[4].Content = append(p[4].Content, 0); return p }, "e"},
		{"a block more, early", func(p packets) packets {
			p[1].Content = slices.Concat(p[1].Content, make([]byte, 8000))
			return p
		}, "e"},
		{"no multiple of 16", func(p packets) packets {
			p[4].Content = p[4].Content[1:]
			return sized(p, p[0].ContentSize-1, p[0].OriginalSize)
		}, "e"},
		{"nothing", func(p packets) packets {
			p[0].Number, p[0].Total, p[0].ContentSize, p[0].Content = 1, 1, 0, nil
			return p[:1]
		}, "e"},
		{"wrong padding", func(p packets) packets {
			last := p[4].Content
			last[len(last)-17] ^= 0x80
			return p
		}, "e"},
		{"an original size one less", func(p packets) packets { return sized(p, p[0].ContentSize, p[0].OriginalSize-1) }, "e"},
		{"an original size of 0", func(p packets) packets { return sized(p, p[0].ContentSize, 0) }, "e"},
	}
	f := serve(t, edition(t, "2024a"), t.TempDir())
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := f.in(t).ready(fmt.Sprint("client ", i))
			plain := pattern(5000)
			for _, packet := range tt.change(c.packets("f", plain, 1024)) {
				c.send(packet)
			}
			for _, answer := range tt.want {
				if answer == 'r' {
					c.want(c.received("f", plain))
				} else {
					c.wantRefusal()
				}
			}
			if _, err := f.stored(c.id, "f"); (err == nil) != strings.Contains(tt.want, "r") {
				t.Errorf("the file under its final name: %v (STO-7)", err)
			}
			c.wantNothing() // FIL-8
			c.upload("f", plain[1:])
			c.want(c.received("f", plain[1:])) // FIL-15
			c.upload("f", plain[2:])
			c.want(c.received("f", plain[2:]))
		})
	}
	f.wantNoIncoming()
}

// sized gives all packets other sizes.
func sized(packets []*wire.File, content, original uint32) []*wire.File {
	for _, packet := range packets {
		packet.ContentSize, packet.OriginalSize = content, original
	}
	return packets
}

// wantNoIncoming expects that no file is still arriving.
func (f *fixture) wantNoIncoming() {
	f.Helper()
	f.end()
	for _, path := range f.paths() {
		if strings.Contains(path, "incoming") {
			f.Errorf("left behind: %s", path)
		}
	}
}

// FIL-26 and FIL-13 where one message is the whole file.
func TestWholeFiles(t *testing.T) {
	tests := []struct {
		name   string
		change func(m *wire.File)
	}{
		{"a byte less than the content size", func(m *wire.File) { m.Content = m.Content[1:] }},
		{"a block less than the content size", func(m *wire.File) { m.Content = m.Content[16:] }},
		{"a block more than the content size", func(m *wire.File) { m.ContentSize -= 16 }},
		{"no multiple of 16", func(m *wire.File) { m.ContentSize--; m.Content = m.Content[1:] }},
		{"nothing", func(m *wire.File) { m.ContentSize, m.Content = 0, nil }},
		{"wrong padding", func(m *wire.File) { m.Content[len(m.Content)-17] ^= 0x80 }},
	}
	for _, name := range []string{"2022c", "2023a", "2023c"} {
		f := serve(t, edition(t, name), t.TempDir())
		for _, tt := range tests {
			t.Run(name+" "+tt.name, func(t *testing.T) {
				c := f.in(t).ready(tt.name)
				packet := c.packets("f", pattern(5000), 0)[0]
				tt.change(packet)
				c.send(packet)
				c.wantRefusal()
				if _, err := f.stored(c.id, "f"); err == nil {
					t.Error("a refused transfer left a file (STO-7)")
				}
			})
		}
		f.wantNoIncoming()
	}
}

// FIL-17: who has no key cannot send a file; one answer for all packets.
func TestFileWithoutKey(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		ada := f.ready("Ada")
		grace := f.dial().register("Grace")
		for _, id := range []wire.ID{grace.id, {1, 2, 3}} {
			c := f.dial().as(ada)
			packets := c.packets("f", pattern(5000), 1024)
			c.id = id
			for _, packet := range packets {
				if _, err := c.conn.Write(c.encode(packet)); err != nil && f.ed.PacketFields {
					t.Fatal(err)
				}
			}
			c.wantRefusal()
			if f.ed.PacketFields {
				c.wantNothing()
			}
		}
		if paths := f.paths(); len(paths) > 0 {
			t.Errorf("stored: %q", paths)
		}
	})
}
