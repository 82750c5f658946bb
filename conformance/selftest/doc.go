// Package selftest judges the suite: by what it lets through, and by whom it
// accuses wrongly.
//
// The suite is run on every mutant and every conforming variation. Judge makes a
// Result of the reports, whose Faults are what the gate refuses: a mutant that no
// case about a broken clause has found out, one that gets past a case that found it
// out when the matrix was written, one that fails more cases about other
// clauses than its row allows, a variation that was accused, and a MUST case that
// no mutant fails. How the runs are made is the caller's affair.
package selftest
