package vectors

import (
	"errors"
	"reflect"

	"github.com/xferspec/xferspec/spec/state"
	"github.com/xferspec/xferspec/spec/wire"
)

func (v *verifier) state(s *State) {
	got, err := parseState(s.File, s.Bytes())
	var fault *state.Error
	switch {
	case s.Breaks == "" && err != nil:
		v.failf("refused, but should be read: %v", err)
	case s.Breaks == "":
		v.sameValue("read", s, got)
		v.written(s)
	case err == nil:
		v.failf("read as %+v, but breaks %s", got, s.Breaks)
	case !errors.As(err, &fault):
		v.failf("%v", err)
	case fault.Clause != s.Breaks || fault.Line != s.Line:
		v.failf("refused for %s in line %d, expected is %s in line %d", fault.Clause, fault.Line, s.Breaks, s.Line)
	}
}

// written checks that a file written with the value is read as the value.
func (v *verifier) written(s *State) {
	if s.Value == nil {
		return
	}
	got, err := parseState(s.File, formatState(s.File, s.Value))
	if err != nil {
		v.failf("written again: %v", err)
		return
	}
	v.sameValue("written again", s, got)
}

func (v *verifier) sameValue(how string, s *State, got Value) {
	if s.Value == nil || !reflect.DeepEqual(got, *s.Value) {
		v.failf("%s, the file says something else than its value", how)
	}
}

func parseState(file string, text []byte) (Value, error) {
	switch file {
	case "port.info":
		port, err := state.ParsePort(text)
		return Value{Port: port}, err
	case "transfer.info":
		t, err := state.ParseTransferInfo(text)
		return Value{Addr: t.Addr, Name: t.Name, Path: t.Path}, err
	case "me.info":
		m, err := state.ParseMeInfo(text)
		return Value{Name: m.Name, ClientID: m.Client[:], PrivateKey: m.PrivateKey}, err
	case "priv.key":
		der, err := state.ParsePrivateKeyFile(text)
		return Value{PrivateKey: der}, err
	}
	return Value{}, errors.New("no such file: " + file)
}

func formatState(file string, value *Value) []byte {
	switch file {
	case "port.info":
		return state.FormatPort(value.Port)
	case "transfer.info":
		return state.TransferInfo{Addr: value.Addr, Name: value.Name, Path: value.Path}.Format()
	case "me.info":
		m := state.MeInfo{Name: value.Name, Client: wire.ID{}, PrivateKey: value.PrivateKey}
		copy(m.Client[:], value.ClientID)
		return m.Format()
	}
	return state.FormatPrivateKeyFile(value.PrivateKey)
}
