package project

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"text/template"

	"github.com/xferspec/xferspec/conformance/config"
)

// SchemaURL is where editors find the JSON Schema of xferspec.yaml.
const SchemaURL = "https://raw.githubusercontent.com/xferspec/xferspec/main/conformance/config/xferspec.schema.json"

//go:embed xferspec.yaml.tmpl
var configText string

var configTemplate = template.Must(template.New("xferspec.yaml").Funcs(template.FuncMap{"words": words, "word": word}).Parse(configText))

// Config returns the xferspec.yaml that says what was found, for an edition, with
// the schema at a URL or a path.
func (p *Project) Config(edition, schema, requirements string) ([]byte, error) {
	var text strings.Builder
	err := configTemplate.Execute(&text, map[string]any{
		"Schema": schema, "Edition": edition, "Requirements": requirements, "Server": p.Server, "Client": p.Client,
	})
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", config.Name, err)
	}
	_, err = config.Parse(config.Name, []byte(text.String()))
	return []byte(text.String()), err
}

// plainWord matches what YAML takes for a string as it is.
var plainWord = regexp.MustCompile(`^(\.{0,2}/[\w./+-]+|-{1,2}[A-Za-z][\w=.-]*|[A-Za-z_][\w.+/-]*|[0-9]{4}[a-z]|\.)$`)

var notAString = regexp.MustCompile(`(?i)^(true|false|yes|no|on|off|null|y|n)$`)

// word writes a string as YAML.
func word(text string) string {
	if plainWord.MatchString(text) && !notAString.MatchString(text) {
		return text
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(quoted)
}

// words writes a list of strings in one line of YAML.
func words(list []string) string {
	all := make([]string, len(list))
	for i, text := range list {
		all[i] = word(text)
	}
	return "[" + strings.Join(all, ", ") + "]"
}
