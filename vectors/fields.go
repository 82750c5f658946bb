package vectors

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Fields is the values of a frame's fields, named after the protocol's tables.
// Those that a message does not have are nil. The client id that some messages
// of some editions repeat in the payload is not repeated here.
type Fields struct {
	ClientID     Hex     `json:"clientId,omitzero"` // of a request's header or a response's payload
	Version      uint8   `json:"version"`
	Code         uint16  `json:"code"`
	PayloadSize  uint32  `json:"payloadSize"`
	Name         *string `json:"name,omitempty"`
	PublicKey    Hex     `json:"publicKey,omitzero"`
	WrappedKey   Hex     `json:"wrappedKey,omitzero"`
	ContentSize  *uint32 `json:"contentSize,omitempty"`
	OriginalSize *uint32 `json:"originalSize,omitempty"`
	PacketNumber *uint16 `json:"packetNumber,omitempty"`
	TotalPackets *uint16 `json:"totalPackets,omitempty"`
	FileName     *string `json:"fileName,omitempty"`
	Content      Hex     `json:"content,omitzero"`
	Cksum        *uint32 `json:"cksum,omitempty"`
}

// slot pairs a member of a message with its member of Fields.
type slot struct {
	load  func()      // message → Fields
	store func() bool // Fields → message; false where Fields lacks it
}

func value[T any](member *T, field **T) slot {
	return slot{
		load: func() { v := *member; *field = &v },
		store: func() bool {
			if *field == nil {
				return false
			}
			*member = **field
			return true
		},
	}
}

func octets(member *[]byte, field *Hex) slot {
	return slot{
		load:  func() { *field = append(Hex{}, *member...) },
		store: func() bool { *member = *field; return *field != nil },
	}
}

func id(member *wire.ID, field *Hex) slot {
	return slot{
		load:  func() { *field = append(Hex{}, member[:]...) },
		store: func() bool { return copy(member[:], *field) == len(member) },
	}
}

// slots pairs the members of a message's payload with those of f.
func (f *Fields) slots(ed *spec.Edition, m wire.Message) []slot {
	switch m := m.(type) {
	case *wire.Register:
		return []slot{value(&m.Name, &f.Name)}
	case *wire.PublicKey:
		return []slot{value(&m.Name, &f.Name), octets(&m.Key, &f.PublicKey)}
	case *wire.Login:
		return []slot{value(&m.Name, &f.Name)}
	case *wire.File:
		return f.fileSlots(ed, m)
	case *wire.CRCOK:
		return []slot{value(&m.Name, &f.FileName)}
	case *wire.CRCBad:
		return []slot{value(&m.Name, &f.FileName)}
	case *wire.CRCAbort:
		return []slot{value(&m.Name, &f.FileName)}
	case *wire.Registered:
		return []slot{id(&m.Client, &f.ClientID)}
	case *wire.KeyAccepted:
		return []slot{id(&m.Client, &f.ClientID), octets(&m.Wrapped, &f.WrappedKey)}
	case *wire.LoginAccepted:
		return []slot{id(&m.Client, &f.ClientID), octets(&m.Wrapped, &f.WrappedKey)}
	case *wire.FileReceived:
		return []slot{id(&m.Client, &f.ClientID), value(&m.ContentSize, &f.ContentSize), value(&m.Name, &f.FileName), value(&m.Cksum, &f.Cksum)}
	case *wire.Thanks:
		if !ed.EmptyThanks {
			return []slot{id(&m.Client, &f.ClientID)}
		}
	case *wire.LoginRefused:
		return []slot{id(&m.Client, &f.ClientID)}
	}
	return nil // RegistrationRefused and GeneralError have no payload
}

func (f *Fields) fileSlots(ed *spec.Edition, m *wire.File) []slot {
	slots := []slot{value(&m.ContentSize, &f.ContentSize), value(&m.Name, &f.FileName), octets(&m.Content, &f.Content)}
	if ed.PacketFields {
		slots = append(slots, value(&m.OriginalSize, &f.OriginalSize), value(&m.Number, &f.PacketNumber), value(&m.Total, &f.TotalPackets))
	}
	return slots
}

// load copies the payload's values out of a decoded message.
func (f *Fields) load(ed *spec.Edition, m wire.Message) {
	for _, s := range f.slots(ed, m) {
		s.load()
	}
}

// message returns the fields as a message to encode.
func (f *Fields) message(ed *spec.Edition, name string) (wire.Message, error) {
	m := wire.New(messageType(name))
	if m == nil {
		return nil, fmt.Errorf("there is no message %q", name)
	}
	for _, s := range f.slots(ed, m) {
		if !s.store() {
			return nil, fmt.Errorf("fields lack one that %s has", name)
		}
	}
	return m, nil
}

// messageType returns the type of that name, or TypeUnknown.
func messageType(name string) spec.MessageType {
	for _, t := range append(spec.RequestTypes(), spec.ResponseTypes()...) {
		if t.String() == name {
			return t
		}
	}
	return spec.TypeUnknown
}

// differences names the fields in which f and other differ.
func (f *Fields) differences(other *Fields) []string {
	var names []string
	a, b := reflect.ValueOf(*f), reflect.ValueOf(*other)
	for i := range a.NumField() {
		if !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			name, _, _ := strings.Cut(a.Type().Field(i).Tag.Get("json"), ",")
			names = append(names, name)
		}
	}
	return names
}

// fieldName turns the name of a field in the protocol's tables into that of
// Fields: "client id" into "clientId".
func fieldName(table string) string {
	table, _, _ = strings.Cut(table, " (") // "client id (repeated)"
	words := strings.Split(table, " ")
	for i := 1; i < len(words); i++ {
		words[i] = strings.ToUpper(words[i][:1]) + words[i][1:]
	}
	return strings.Join(words, "")
}
