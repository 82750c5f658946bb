package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
)

// seal sets the report's digest.
func (r *Report) seal() error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	r.Digest, err = contentDigest(text)
	return err
}

// contentDigest returns the digest of a report in its JSON form. It knows none
// of the fields by name, so that a report of a later version can be checked too.
func contentDigest(text []byte) (string, error) {
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	var fields map[string]any
	if err := in.Decode(&fields); err != nil {
		return "", err
	}
	delete(fields, "digest")
	var content bytes.Buffer
	out := json.NewEncoder(&content)
	out.SetEscapeHTML(false)
	if err := out.Encode(fields); err != nil {
		return "", err
	}
	sum := sha256.Sum256(bytes.TrimRight(content.Bytes(), "\n"))
	return fmt.Sprintf("sha256:%x", sum), nil
}
