package project

import (
	"slices"
	"strings"
	"testing"
)

func TestHeadersOf(t *testing.T) {
	const source = `#include <iostream>
#include <boost/asio.hpp>
  #  include "crypto++/aes.h"
#include <cryptopp/rsa.h>
#include <sqlite3.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <uuid.h>
// see <openssl/evp.h>
`
	own := func(header string) bool { return header == "nlohmann/json.hpp" }
	want := []string{"boost/version.hpp", "cryptopp/rsa.h", "sqlite3.h", "fmt/core.h"}
	if got := headersOf([]string{source}, own); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLibrariesHaveAHintForEverySystem(t *testing.T) {
	for _, l := range libraries {
		for _, system := range []string{"linux", "darwin", "windows"} {
			if text := l.hint(system); strings.HasSuffix(text, " ") {
				t.Errorf("%s on %s: %q", l.name, system, text)
			}
		}
	}
}

// A header that the project brings along is not looked for elsewhere.
func TestHeadersOfAProject(t *testing.T) {
	p, err := Look(t.Context(), files(map[string]string{
		"CMakeLists.txt": "add_executable(c main.cpp)", "third_party/spdlog/spdlog.h": "",
		"main.cpp": "#include <openssl/evp.h>\n#include <spdlog/spdlog.h>\nopen(\"transfer.info\");",
	}), linux("cmake"))
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Client.Headers; !slices.Equal(got, []string{"openssl/evp.h"}) {
		t.Errorf("%q", got)
	}
}
