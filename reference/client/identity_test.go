package client_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/state"
	"github.com/xferspec/xferspec/spec/wire"
)

// CFG-3, CFG-4, CFG-6, CFG-7: what registration leaves behind.
func TestRegistrationIsKept(t *testing.T) {
	f := (&fake{}).start(t)
	o := newOutbox(t, f.addr, nil)
	o.write("priv.key", []byte("an older one, readable by all"))
	if _, err := o.run(f); err != nil {
		t.Fatal(err)
	}
	me, err := state.ParseMeInfo(o.read("me.info"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := seal.ParsePrivateKey(me.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	if me.Name != clientName || me.Client != f.client || !key.PublicKey.Equal(f.public) {
		t.Errorf("me.info says %q, %s", me.Name, me.Client)
	}
	der, err := state.ParsePrivateKeyFile(o.read("priv.key"))
	if err != nil || !bytes.Equal(der, me.PrivateKey) {
		t.Errorf("priv.key has another key than me.info: %v", err)
	}
	if o.read("priv.key")[0] == 0x30 {
		t.Error("priv.key is DER, not base64")
	}
	entries, err := os.ReadDir(o.dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if want := []string{"docs", "me.info", "priv.key", "transfer.info"}; !slices.Equal(names, want) {
		t.Errorf("the directory has %v, want %v", names, want)
	}
	for _, name := range []string{"me.info", "priv.key"} {
		info, err := os.Stat(filepath.Join(o.dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, want 0600; %v", name, info.Mode(), err)
		}
	}
}

// CFG-2, LGN-8: the name and id of me.info, the key of me.info or priv.key, and no
// new one.
func TestLoginWithWhatIsThere(t *testing.T) {
	der := testDER()
	tests := []struct {
		name    string
		inside  []byte // key in me.info
		privKey []byte
	}{
		{"key in me.info, none in priv.key", der, nil},
		{"key in me.info, nonsense in priv.key", der, []byte("nonsense")},
		{"me.info of two lines, base64 in priv.key", nil, state.FormatPrivateKeyFile(der)},
		{"me.info of two lines, DER in priv.key", nil, der},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := (&fake{}).start(t)
			f.public = &testKey().PublicKey
			o := newOutbox(t, f.addr, pattern(100))
			o.write("me.info", state.MeInfo{Name: "Another Name", Client: f.client, PrivateKey: tt.inside}.Format())
			if tt.privKey != nil {
				o.write("priv.key", tt.privKey)
			}
			before := o.read("me.info")
			if output, err := o.run(f); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			requests := f.received()
			if got, want := types(requests), []spec.MessageType{spec.TypeLogin, spec.TypeFile, spec.TypeCRCOK}; !slices.Equal(got, want) {
				t.Fatalf("sent %v, want %v", got, want)
			}
			wantText(t, "name", requests[0].message.(*wire.Login).Name, "Another Name")
			if !bytes.Equal(o.read("me.info"), before) {
				t.Error("me.info was rewritten")
			}
		})
	}
}

// LGN-9: a refused login is followed by a registration with the name of
// transfer.info, a new key pair and a new me.info.
func TestRefusedLogin(t *testing.T) {
	f := (&fake{}).start(t)
	o := newOutbox(t, f.addr, pattern(100))
	o.write("me.info", state.MeInfo{Name: "Old Name", Client: wire.ID{9}, PrivateKey: testDER()}.Format())
	output, err := o.run(f)
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	requests := f.received()
	want := []spec.MessageType{spec.TypeLogin, spec.TypeRegister, spec.TypePublicKey, spec.TypeFile, spec.TypeCRCOK}
	if got := types(requests); !slices.Equal(got, want) {
		t.Fatalf("sent %v, want %v", got, want)
	}
	wantText(t, "login", requests[0].message.(*wire.Login).Name, "Old Name")
	wantText(t, "registration", requests[1].message.(*wire.Register).Name, clientName)
	if f.public.Equal(&testKey().PublicKey) {
		t.Error("the old key pair was used again")
	}
	if me, err := state.ParseMeInfo(o.read("me.info")); err != nil || me.Client != f.client || me.Name != clientName {
		t.Errorf("me.info says %q, %s; %v", me.Name, me.Client, err)
	}
	if strings.Contains(output, errorLine) {
		t.Errorf("a refused login is no error response:\n%s", output)
	}
}
