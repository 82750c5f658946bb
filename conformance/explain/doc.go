// Package explain says what is behind a clause, beyond its text: why it is
// there, what usually causes a program to break it, and the idiom that is right,
// in Python and in C++.
//
// All of that is data. why.yaml has a sentence for every clause; causes/*.yaml
// has the causes, each for as many clauses as it breaks. The snippets in them
// are compiled, and where they compute something run, by this package's tests.
//
// An [Explainer] writes for people what there is about a clause, a case, a group
// of clauses or a message.
package explain
