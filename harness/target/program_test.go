package target

import (
	"os/exec"
	"testing"
)

func TestLookPython(t *testing.T) {
	const (
		shop = `C:\Users\Ada\AppData\Local\Microsoft\WindowsApps\python3.exe`
		own  = `C:\Python312\python.exe`
		py   = `C:\Windows\py.exe`
	)
	for name, tt := range map[string]struct {
		system, word string
		there        map[string]string
		want         string
	}{
		"as it is called":               {"windows", "python", map[string]string{"python": own}, own},
		"by its other name":             {"windows", "python3", map[string]string{"python": own}, own},
		"with its ending":               {"windows", "Python3.exe", map[string]string{"python": own}, own},
		"not the shop":                  {"windows", "python3", map[string]string{"python3": shop, "python": own}, own},
		"the launcher":                  {"windows", "python3", map[string]string{"python3": shop, "py": py}, py},
		"the shop, if there is no else": {"windows", "python3", map[string]string{"python3": shop}, shop},
		"nothing":                       {"windows", "python3", nil, ""},
		"another program":               {"windows", "node", map[string]string{"python": own}, ""},
		"no Windows":                    {"linux", "python3", map[string]string{"python": "/usr/bin/python"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := lookPython(tt.system, tt.word, func(name string) (string, error) {
				if path, ok := tt.there[name]; ok {
					return path, nil
				}
				return "", exec.ErrNotFound
			})
			if got != tt.want || (err == nil) != (tt.want != "") {
				t.Errorf("%q, %v, want %q", got, err, tt.want)
			}
		})
	}
}
