package project

import (
	"regexp"
	"slices"
	"strings"
)

// library is one that C++ programs are written with.
type library struct {
	name   string
	header string // that is there if the library is
	begins string // what includes of it begin with
	debian string // package
	brew   string // formula
	vcpkg  string // port
}

// libraries are those that clients include most. One that is not here is not missed:
// its absence is for the compiler to say.
var libraries = []library{
	{"boost", "boost/version.hpp", "boost/", "libboost-dev", "boost", "boost-asio"},
	{"cryptopp", "cryptopp/rsa.h", "cryptopp/", "libcrypto++-dev", "cryptopp", "cryptopp"},
	{"cryptopp", "cryptopp/rsa.h", "crypto++/", "libcrypto++-dev", "cryptopp", "cryptopp"},
	{"openssl", "openssl/evp.h", "openssl/", "libssl-dev", "openssl", "openssl"},
	{"sodium", "sodium.h", "sodium.h", "libsodium-dev", "libsodium", "libsodium"},
	{"mbedtls", "mbedtls/version.h", "mbedtls/", "libmbedtls-dev", "mbedtls", "mbedtls"},
	{"asio", "asio.hpp", "asio.hpp", "libasio-dev", "asio", "asio"},
	{"asio", "asio.hpp", "asio/", "libasio-dev", "asio", "asio"},
	{"Poco", "Poco/Poco.h", "Poco/", "libpoco-dev", "poco", "poco"},
	{"sqlite3", "sqlite3.h", "sqlite3.h", "libsqlite3-dev", "sqlite", "sqlite3"},
	{"nlohmann-json", "nlohmann/json.hpp", "nlohmann/", "nlohmann-json3-dev", "nlohmann-json", "nlohmann-json"},
	{"rapidjson", "rapidjson/rapidjson.h", "rapidjson/", "rapidjson-dev", "rapidjson", "rapidjson"},
	{"yaml-cpp", "yaml-cpp/yaml.h", "yaml-cpp/", "libyaml-cpp-dev", "yaml-cpp", "yaml-cpp"},
	{"fmt", "fmt/core.h", "fmt/", "libfmt-dev", "fmt", "fmt"},
	{"spdlog", "spdlog/spdlog.h", "spdlog/", "libspdlog-dev", "spdlog", "spdlog"},
	{"cxxopts", "cxxopts.hpp", "cxxopts.hpp", "libcxxopts-dev", "cxxopts", "cxxopts"},
	{"CLI11", "CLI/CLI.hpp", "CLI/", "libcli11-dev", "cli11", "cli11"},
	{"zlib", "zlib.h", "zlib.h", "zlib1g-dev", "zlib", "zlib"},
	{"uuid", "uuid/uuid.h", "uuid/", "uuid-dev", "ossp-uuid", "libuuid"},
}

// included finds what a C++ source includes.
var included = regexp.MustCompile(`(?m)^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]`)

// headersOf returns the headers of the libraries that sources include, but for those
// whose files the project has itself.
func headersOf(texts []string, has func(header string) bool) (headers []string) {
	for _, found := range included.FindAllStringSubmatch(strings.Join(texts, "\n"), -1) {
		i := slices.IndexFunc(libraries, func(l library) bool {
			if strings.HasSuffix(l.begins, "/") {
				return strings.HasPrefix(found[1], l.begins)
			}
			return found[1] == l.begins
		})
		if i >= 0 && !has(found[1]) && !slices.Contains(headers, libraries[i].header) {
			headers = append(headers, libraries[i].header)
		}
	}
	return headers
}

// libraryOf returns the library of one of these headers.
func libraryOf(header string) library {
	i := slices.IndexFunc(libraries, func(l library) bool { return l.header == header })
	return libraries[i]
}

// hint says how to get the library on a system.
func (l library) hint(system string) string {
	switch system {
	case "linux":
		return "apt-get install " + l.debian
	case "darwin":
		return "brew install " + l.brew
	case "windows":
		return "vcpkg install " + l.vcpkg
	}
	return hint(l.name, system)
}
