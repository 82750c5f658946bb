package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// partner reads what a target is compared to: the word "reference", an address, an
// xferspec.yaml or the folder that has one, or the words of a command.
func partner(text string, role spec.Role) (*config.Target, error) {
	if text == "reference" {
		self, err := os.Executable()
		if err != nil {
			return nil, exit(report.ExitFault, fmt.Errorf("find this program: %w", err))
		}
		return &config.Target{Run: []string{self, "reference", role.String()}}, nil
	}
	if role == spec.Server && isAddress(text) {
		return &config.Target{Addr: text}, nil
	}
	if info, err := os.Stat(text); err == nil && info.IsDir() {
		text = filepath.Join(text, config.Name)
	}
	if ext := filepath.Ext(text); ext == ".yaml" || ext == ".yml" {
		return configuredPartner(text, role)
	}
	words, err := splitWords(text)
	if err != nil {
		return nil, fmt.Errorf("--compare: %w", err)
	}
	return &config.Target{Run: words, Dir: new(testFlags).folder(words)}, nil
}

func configuredPartner(path string, role spec.Role) (*config.Target, error) {
	file, err := config.Read(path)
	if err != nil {
		return nil, fmt.Errorf("--compare: %w", err)
	}
	t := file.Server
	if role == spec.Client {
		t = file.Client
	}
	if t == nil {
		return nil, fmt.Errorf("--compare: %s names no %s", path, role)
	}
	t.RelativeTo(filepath.Dir(path))
	return t, nil
}

func isAddress(text string) bool {
	_, port, err := net.SplitHostPort(text)
	if err != nil || strings.ContainsAny(text, " \t") {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// splitWords takes a command apart as a POSIX shell does, of which it knows
// spaces, both kinds of quotes and the backslash.
func splitWords(text string) (words []string, err error) {
	var word strings.Builder
	var quote rune
	begun, escaped := false, false
	for _, r := range text {
		switch {
		case escaped:
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			begun, escaped = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			begun, quote = true, r
		case quote == 0 && (r == ' ' || r == '\t' || r == '\n'):
			if begun {
				words = append(words, word.String())
				word.Reset()
			}
			begun = false
		default:
			begun = true
			word.WriteRune(r)
		}
	}
	switch {
	case quote != 0 || escaped:
		return nil, fmt.Errorf("a quote in %s has no end", text)
	case begun:
		words = append(words, word.String())
	}
	if len(words) == 0 || words[0] == "" {
		return nil, errors.New("it names no command")
	}
	return words, nil
}
