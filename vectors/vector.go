package vectors

import (
	"encoding/hex"
	"fmt"
)

// Head is what every vector has.
type Head struct {
	ID      string   `json:"id"`      // permanent and unique: lower-case letters, digits, hyphens
	Comment string   `json:"comment"` // what is special about the vector, in one line
	Clauses []string `json:"clauses"` // ids of the clauses that it is about
}

func (h *Head) head() *Head { return h }

// Hex is bytes that JSON shows as a string of lower-case hexadecimal digits.
type Hex []byte

// MarshalText returns two digits for each byte.
func (h Hex) MarshalText() ([]byte, error) { return hex.AppendEncode([]byte{}, h), nil }

// UnmarshalText reads what MarshalText writes, and digits of either case.
func (h *Hex) UnmarshalText(text []byte) error {
	decoded, err := hex.AppendDecode([]byte{}, text)
	if err != nil {
		return fmt.Errorf("hexadecimal bytes: %w", err)
	}
	*h = decoded
	return nil
}

// Message is a frame and the values of its fields. A receiver decodes Hex into
// Fields.
type Message struct {
	Head
	Edition string `json:"edition"`
	From    string `json:"from"`    // who sends it: "client" or "server"
	Message string `json:"message"` // the message's name in the edition's table, such as "crc-ok"
	// Canonical says that a conforming sender encodes Fields into exactly these
	// bytes. Where it is false, receivers accept more than senders may write.
	Canonical bool   `json:"canonical"`
	Fields    Fields `json:"fields"`
	Hex       Hex    `json:"hex"` // the frame: header and payload
}

// Fault is what is wrong with a frame: the clause that its bytes break, and where.
type Fault struct {
	Clause string `json:"clause"`
	Field  string `json:"field"`  // named as in Fields
	Offset int    `json:"offset"` // of the byte or field at fault, in bytes from the start of the frame
}

// Negative is a frame that must not be taken for a message.
type Negative struct {
	Head
	Edition string `json:"edition"`
	From    string `json:"from"` // who would send it
	// Whole is the fault where Hex is known to be all of the frame.
	Whole Fault `json:"whole"`
	// Stream is the fault where Hex arrives on a connection that then ends. A
	// frame that is only cut off has the clause FRM-14 or RTY-5 and the place where
	// the stream ends.
	Stream Fault `json:"stream"`
	// AESKey is set where a file packet is wrong only once it is decrypted,
	// PrivateKey (PKCS#8 DER) where a wrapped key is wrong only once it is unwrapped.
	AESKey     Hex `json:"aesKey,omitzero"`
	PrivateKey Hex `json:"privateKey,omitzero"`
	Hex        Hex `json:"hex"`
}

// Conversation is what both sides send on one connection, in order, until one
// file is confirmed or given up.
type Conversation struct {
	Head
	Edition    string  `json:"edition"`
	PrivateKey Hex     `json:"privateKey"` // the client's, PKCS#8 DER
	AESKey     Hex     `json:"aesKey"`     // what the wrapped key holds
	FileName   string  `json:"fileName"`
	Plaintext  Hex     `json:"plaintext"` // the file
	Frames     []Frame `json:"frames"`
}

// The two sides, as From names them.
const (
	FromClient = "client"
	FromServer = "server"
)

// Frame is one message of a conversation.
type Frame struct {
	From    string `json:"from"`    // who sends it
	Message string `json:"message"` // as in Message
	Fields  Fields `json:"fields"`
	Hex     Hex    `json:"hex"`
}

// Cksum is a checksum (CRC-1). The file is Pattern, repeated and cut so that it
// has Length bytes.
type Cksum struct {
	Head
	Pattern Hex    `json:"pattern"`
	Length  int    `json:"length"` // in bytes, at most MaxCksumLength
	Cksum   uint32 `json:"cksum"`
	Wire    Hex    `json:"wire"` // Cksum as 1603 carries it, 4 bytes
}

// MaxCksumLength is the largest Length of a Cksum, 16 MiB.
const MaxCksumLength = 16 << 20

// PublicKey is the 160 bytes of a public key, or bytes that are none (KEY-1).
type PublicKey struct {
	Head
	Breaks   string `json:"breaks,omitempty"`  // the clause that SPKI breaks; none where it is a key
	SPKI     Hex    `json:"spki"`              // what stands in the field of 1026
	Modulus  Hex    `json:"modulus,omitzero"`  // of a key: big-endian, 128 bytes
	Exponent int    `json:"exponent,omitzero"` // of a key
	PKCS8    Hex    `json:"pkcs8,omitzero"`    // the private half in DER, where it is known
}

// Unwrap is an AES key wrapped under RSA, or bytes that hold none (KEY-2, SEC-4).
type Unwrap struct {
	Head
	Breaks     string `json:"breaks,omitempty"` // the clause that Wrapped breaks; none where it holds Key
	PrivateKey Hex    `json:"privateKey"`       // PKCS#8 DER
	Wrapped    Hex    `json:"wrapped"`
	KeySize    int    `json:"keySize"`      // the edition's, in bytes: 16 or 32 (KEY-3)
	Key        Hex    `json:"key,omitzero"` // what unwrapping gives
}

// CBC is a file's ciphertext, or bytes that are none (FIL-4, FIL-13).
type CBC struct {
	Head
	Breaks     string `json:"breaks,omitempty"` // the clause that Ciphertext breaks; none where it decrypts
	Key        Hex    `json:"key"`              // 16 or 32 bytes
	Ciphertext Hex    `json:"ciphertext"`
	Plaintext  Hex    `json:"plaintext,omitzero"` // what decrypting gives
}

// State is one of the files that the programs read where they run: port.info,
// transfer.info, me.info or priv.key. Its bytes are Text or Hex.
type State struct {
	Head
	File string  `json:"file"` // the file's name
	Text *string `json:"text,omitempty"`
	Hex  Hex     `json:"hex,omitzero"` // where the bytes are no text
	// Canonical says that a conforming program may write the file so. Where it is
	// false, readers accept more than writers may write, unless Breaks is set.
	Canonical bool   `json:"canonical"`
	Breaks    string `json:"breaks,omitempty"` // the clause that the file breaks; none where Value is in it
	Line      int    `json:"line,omitzero"`    // of the fault, from 1; 0 where it is not one line's
	Value     *Value `json:"value,omitempty"`
}

// Value is what a State holds: Port of port.info; Addr, Name and Path of
// transfer.info; Name, ClientID and, unless priv.key has it, PrivateKey of
// me.info; PrivateKey of priv.key.
type Value struct {
	Port       uint16 `json:"port,omitzero"`
	Addr       string `json:"addr,omitempty"` // "IP:port"
	Name       string `json:"name,omitempty"`
	Path       string `json:"path,omitempty"`
	ClientID   Hex    `json:"clientId,omitzero"`
	PrivateKey Hex    `json:"privateKey,omitzero"` // DER
}

// Bytes returns the content of the file.
func (s *State) Bytes() []byte {
	if s.Text != nil {
		return []byte(*s.Text)
	}
	return s.Hex
}
