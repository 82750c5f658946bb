package trace

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// maxComment is the longest text in bytes that a comment's length field can tell.
const maxComment = math.MaxUint16

// What the reader finds again in the comments of a connection's first packet.
const (
	editionComment    = "xferspec-edition: "
	noteComment       = "xferspec-note: "
	privateKeyComment = "xferspec-private-key: "
	aesKeyComment     = "xferspec-aes-key: "
)

// WritePcapng writes a capture file (pcapng, raw IP) in which every transcript is
// a TCP connection: a handshake, each data event as segments of at most 1460
// bytes and their acknowledgement, a FIN where a side ended and a RST where it
// broke off. Where the recording of a direction was cut, one byte is missing from
// the sequence numbers. Times are those of the events.
//
// Addresses and ports are those of Client and Server. What is none becomes a
// placeholder that is reserved for documentation: the client 192.0.2.1 or
// 2001:db8::1 and the server 192.0.2.2 or 2001:db8::2, the client's port 49152
// and up, another one for each connection, the server's port that of the edition.
//
// Edition, Note and Secrets are comments on a connection's first packet. Comments
// are on the packet with the byte or else the first byte of the frame that they
// are about, or on the last packet where there is none. Of a comment, 65,535 bytes
// fit in. The error is that of w.
func WritePcapng(w io.Writer, transcripts []*Transcript) error {
	var all []segment
	for i, t := range transcripts {
		c := newConnection(t, i)
		for _, e := range t.Events {
			c.add(e)
		}
		c.comment(t)
		all = append(all, c.segments...)
	}
	slices.SortStableFunc(all, func(a, b segment) int { return a.at.Compare(b.at) })
	return writeSegments(w, all)
}

func writeSegments(w io.Writer, segments []segment) error {
	intf := pcapgo.NgInterface{Name: "xferspec", LinkType: layers.LinkTypeRaw}
	section := pcapgo.NgSectionInfo{Application: "xferspec"}
	out, err := pcapgo.NewNgWriterInterface(w, intf, pcapgo.NgWriterOptions{SectionInfo: section})
	if err != nil {
		return err
	}
	buffer := gopacket.NewSerializeBuffer()
	for _, s := range segments {
		for i, text := range s.comments {
			s.comments[i] = strings.ToValidUTF8(text[:min(len(text), maxComment)], "")
		}
		if err := s.serialize(buffer); err != nil {
			return err
		}
		info := gopacket.CaptureInfo{Timestamp: s.at, Length: len(buffer.Bytes()), CaptureLength: len(buffer.Bytes())}
		if err := out.WritePacketWithOptions(info, buffer.Bytes(), pcapgo.NgPacketOptions{Comments: s.comments}); err != nil {
			return err
		}
	}
	return out.Flush()
}

// comment attaches the transcript's comments to the segments that they are about.
func (c *connection) comment(t *Transcript) {
	if len(t.Comments) == 0 {
		return
	}
	frames := t.Frames(editionOf(t))
	var number [len(directions)]int
	for i := range frames {
		f := &frames[i]
		number[f.Dir]++
		for _, comment := range t.commentsOn(f.Dir, number[f.Dir]) {
			within := max(0, min(comment.Offset, len(f.Bytes)-1))
			c.attach(c.carrier(f.Dir, f.Offset+int64(within)), comment)
		}
	}
	for _, comment := range t.commentsBeyond(frames) {
		c.attach(len(c.segments)-1, comment)
	}
}

// carrier returns the index of the segment with a byte that was sent.
func (c *connection) carrier(dir Direction, offset int64) int {
	data := c.data[dir]
	i, _ := slices.BinarySearchFunc(data, offset, func(s sent, offset int64) int {
		if s.end <= offset {
			return -1
		}
		return 1
	})
	return data[i].segment
}

func (c *connection) attach(index int, comment Comment) {
	text := comment.Text
	if comment.Frame > 0 && comment.Offset >= 0 {
		space := " "
		if strings.Contains(text, "\n") {
			space = "\n"
		}
		text = fmt.Sprintf("byte %d of the frame:%s%s", comment.Offset, space, text)
	}
	s := &c.segments[index]
	s.comments = append(s.comments, text)
}

// latest is the last time that the file format has room for.
var latest = time.Unix(0, math.MaxInt64)

// stamp moves a time to the nearest one between 1970 and 2262.
func stamp(t time.Time) time.Time {
	switch epoch := time.Unix(0, 0); {
	case t.Before(epoch):
		return epoch
	case t.After(latest):
		return latest
	}
	return t
}
