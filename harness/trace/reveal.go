package trace

import (
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/cksum"
)

// plaintext is what the secrets tell of a conversation, by frame.
type plaintext struct {
	keys  map[*Frame]Key       // that an answer hands out
	files map[*Frame]*Transfer // that end with a packet
}

// reveal returns the plaintext of a conversation; nothing where no keys are known.
func (t *Transcript) reveal(ed *spec.Edition, frames []Frame) plaintext {
	p := plaintext{map[*Frame]Key{}, map[*Frame]*Transfer{}}
	if t.Secrets == nil {
		return p
	}
	c := t.collect(ed, frames)
	for index, key := range c.handed {
		p.keys[&frames[index]] = key
	}
	for _, transfer := range c.all {
		p.files[&frames[transfer.Last()]] = &transfer.Transfer
	}
	return p
}

// revealed prints the plaintext that belongs beneath a frame.
func (p *printer) revealed(plain plaintext, f *Frame) {
	if key, ok := plain.keys[f]; ok && key == nil {
		p.printf("    !  the key in it is not known\n")
	} else if ok {
		p.printf("    =  unwraps to the AES key %x\n", []byte(key))
	}
	switch file, ok := plain.files[f]; {
	case !ok:
	case file.Err != nil:
		p.printf("    !  does not decrypt: %v\n", file.Err)
	default:
		p.printf("    =  decrypts to %d bytes, cksum %d\n", len(file.Plain), cksum.Sum(file.Plain))
		p.dump(file.Plain)
	}
}
