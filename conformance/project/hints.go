package project

import "strings"

// hints say how to get what is missing, by system; "" is any other one.
var hints = map[string]map[string]string{
	"python":          {"linux": "apt-get install python3", "darwin": "brew install python", "windows": "winget install Python.Python.3.13"},
	"cmake":           {"linux": "apt-get install cmake make", "darwin": "brew install cmake", "windows": "winget install Kitware.CMake"},
	"make":            {"linux": "apt-get install make", "darwin": "xcode-select --install"},
	"msbuild":         {"windows": "winget install Microsoft.VisualStudio.2022.BuildTools, then run xferspec in its Developer PowerShell", "": "it is on Windows only: test there"},
	"compiler":        {"linux": "apt-get install g++", "darwin": "xcode-select --install", "windows": "winget install Microsoft.VisualStudio.2022.BuildTools, with 'Desktop development with C++'"},
	"Crypto":          {"linux": "python3 -m pip install pycryptodome, in a virtual environment .venv", "": "python -m pip install pycryptodome"},
	"Cryptodome":      {"linux": "apt-get install python3-pycryptodome, which /usr/bin/python3 uses", "": "python -m pip install pycryptodomex"},
	"engine":          {"linux": "apt-get install docker.io, then: service docker start", "darwin": "brew install --cask docker, then start Docker", "windows": "winget install Docker.DockerDesktop, then start Docker Desktop"},
	"engine, stopped": {"linux": "service docker start", "": "start Docker Desktop"},
}

// hint returns how to get something on a system.
func hint(what, system string) string {
	by := hints[what]
	if text, ok := by[system]; ok {
		return text
	}
	if text, ok := by[""]; ok {
		return text
	}
	return "install it and see that it is on the PATH"
}

// hintForModule returns how to get a module of Python.
func hintForModule(module, system string) string {
	if _, ok := hints[module]; ok {
		return hint(module, system)
	}
	return "python3 -m pip install " + strings.ToLower(module)
}
