package project

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance/config"
)

var (
	cppFile       = regexp.MustCompile(`(?i)\.(c|cc|cpp|cxx|h|hh|hpp|hxx|ipp)$`)
	cmakeFile     = regexp.MustCompile(`^CMakeLists\.txt$`)
	cmakeComment  = regexp.MustCompile(`(?m)#.*$`)
	cmakeProject  = regexp.MustCompile(`(?i)\bproject\s*\(\s*"?([\w.+-]+)`)
	cmakeProgram  = regexp.MustCompile(`(?i)\badd_executable\s*\(\s*"?([^\s")]+)"?([^)]*)\)`)
	cmakeSet      = regexp.MustCompile(`(?i)\bset\s*\(\s*(\w+)\s+"?([\w.+-]+)"?\s*\)`)
	notThe        = regexp.MustCompile(`(?i)test|check|bench|example|fuzz`)
	solutionFile  = regexp.MustCompile(`(?i)\.sln$`)
	vcxFile       = regexp.MustCompile(`(?i)\.vcxproj$`)
	solutionEntry = regexp.MustCompile(`(?m)^Project\([^)]*\)\s*=\s*"[^"]*",\s*"([^"]+\.vcxproj)"`)
	vcxTarget     = regexp.MustCompile(`<TargetName>([\w.-]+)</TargetName>`)
	vcxLibrary    = regexp.MustCompile(`<ConfigurationType>(Static|Dynamic)Library`)
)

// reads takes from a C++ program's texts what tells its role and what it needs.
func (c *Candidate) reads(t *tree, name string, sources []string) {
	var texts []string
	for _, file := range sources {
		texts = append(texts, t.text(file))
	}
	c.weigh(name, texts...)
	c.Headers = headersOf(texts, t.hasBelow)
}

func findCMake(_ context.Context, t *tree, m Machine) (all []*Candidate) {
	var tops []string
	for _, folder := range t.folders {
		below := slices.ContainsFunc(tops, func(top string) bool { return top == "." || strings.HasPrefix(folder, top+"/") })
		if below || !t.has(join(folder, "CMakeLists.txt")) {
			continue
		}
		tops = append(tops, folder)
		all = append(all, cmakePrograms(t, m, folder)...)
	}
	return all
}

// cmakePrograms returns the programs that the CMakeLists.txt of a folder, and those
// below it, make.
func cmakePrograms(t *tree, m Machine, folder string) (all []*Candidate) {
	names := map[string][]string{} // to the sources that are listed
	places := map[string]string{}  // to the folders of their CMakeLists.txt
	var order []string
	for _, file := range t.with(folder, true, cmakeFile) {
		text := cmakeComment.ReplaceAllString(t.text(file), "")
		for _, found := range cmakeProgram.FindAllStringSubmatch(text, -1) {
			name := cmakeExpand(t.text(join(folder, "CMakeLists.txt"))+text, found[1])
			for _, source := range strings.Fields(found[2]) {
				if source = join(path.Dir(file), strings.Trim(source, `"`)); t.has(source) {
					names[name] = append(names[name], source)
				}
			}
			order, places[name] = append(order, name), path.Dir(file)
		}
	}
	if some := slices.DeleteFunc(slices.Clone(order), notThe.MatchString); len(some) > 0 {
		order = some
	}
	for _, name := range order {
		sources := names[name]
		if len(order) == 1 || len(sources) == 0 {
			sources = t.with(folder, true, cppFile)
		}
		c := &Candidate{What: fmt.Sprintf("%s of %s", name, join(folder, "CMakeLists.txt")), folder: folder}
		c.reads(t, join(folder, name), sources)
		c.usable = m.Find("cmake")
		c.Target = cmakeTarget(folder, places[name], name)
		all = append(all, c)
	}
	return all
}

// cmakeTarget makes one program of the CMakeLists.txt in a place below the folder,
// optimised, and puts it into a folder with nothing else: that folder is copied for
// every run. A generator for several configurations, such as that for Visual
// Studio, and one for a single one put it into the same.
func cmakeTarget(folder, place, name string) config.Target {
	const bin = "bin" // CMake takes it from where it builds what is in the place
	build := join(folder, "build")
	below := strings.TrimPrefix(strings.TrimPrefix(place, folder), "/")
	if folder == "." {
		below = place
	}
	return config.Target{
		Compile: [][]string{
			{"cmake", "-S", folder, "-B", build, "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_RUNTIME_OUTPUT_DIRECTORY_RELEASE=" + bin},
			{"cmake", "--build", build, "--config", "Release", "--target", name, "--parallel", "4"},
		},
		Dir: join(build, below, bin), Run: []string{"./" + name},
	}
}

// cmakeExpand replaces a variable by what the text sets it to.
func cmakeExpand(text, name string) string {
	values := map[string]string{}
	if found := cmakeProject.FindStringSubmatch(text); found != nil {
		values["PROJECT_NAME"], values["CMAKE_PROJECT_NAME"] = found[1], found[1]
	}
	for _, found := range cmakeSet.FindAllStringSubmatch(text, -1) {
		values[found[1]] = found[2]
	}
	for variable, value := range values {
		name = strings.ReplaceAll(name, "${"+variable+"}", value)
	}
	return name
}

func findVisualStudio(_ context.Context, t *tree, m Machine) (all []*Candidate) {
	inSolution := map[string]bool{}
	for _, solution := range t.with(".", true, solutionFile) {
		for _, found := range solutionEntry.FindAllStringSubmatch(t.text(solution), -1) {
			project := join(path.Dir(solution), strings.ReplaceAll(found[1], `\`, "/"))
			if t.has(project) {
				inSolution[project] = true
				all = append(all, vcxProgram(t, m, solution, project)...)
			}
		}
	}
	for _, project := range t.with(".", true, vcxFile) {
		if !inSolution[project] {
			all = append(all, vcxProgram(t, m, project, project)...)
		}
	}
	return all
}

// vcxProgram returns the program of a project, made by building a file: the
// solution that it is in, or itself.
func vcxProgram(t *tree, m Machine, file, project string) []*Candidate {
	text := t.text(project)
	if vcxLibrary.MatchString(text) {
		return nil
	}
	name := strings.TrimSuffix(path.Base(project), path.Ext(project))
	if found := vcxTarget.FindStringSubmatch(text); found != nil {
		name = found[1]
	}
	c := &Candidate{What: project, folder: path.Dir(file), usable: m.OS == "windows"}
	c.reads(t, project, t.with(path.Dir(project), true, cppFile))
	c.Target = config.Target{
		Compile: [][]string{{"msbuild", file, "-p:Configuration=Release", "-p:Platform=x64", "-m", "-v:minimal"}},
		Dir:     join(path.Dir(file), "x64", "Release"), Run: []string{"./" + name + ".exe"},
	}
	if !c.usable {
		c.Notes = append(c.Notes, "Visual Studio is on Windows only: test it there, or give it a CMakeLists.txt or a Dockerfile, and run xferspec init again.")
	}
	return []*Candidate{c}
}
