// Package endurance has the tests of the reference server that take long, or need
// more than Go: the program itself is started, loaded, starved, killed, and looked
// at from outside. ci/faults runs them; without the flag -faults all of them skip.
//
// Every test draws its random choices from a seed that it logs, and -seed repeats
// them. The moment at which a signal arrives is the system's to choose.
package endurance
