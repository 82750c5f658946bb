// Package fuzz looks for mistakes that no case was written for: it plays
// conversations that are drawn at random, judges every answer by a model of
// protocol.md, and shrinks what breaks a clause to the shortest conversation that
// still does.
//
// This package draws, plays, shrinks and keeps conversations without knowing what
// they are; packages server and client below it are the two kinds, each with its
// model. A conversation is data: it is drawn from a seed, written into the corpus,
// cut into shorter ones and played again, each time with other names and ids.
//
// A model knows a set of legal answers to every request. Where the text leaves
// several outcomes open all of them are legal, and where it cannot be known which
// one took place, what follows from it is not judged: to miss a mistake is better
// than to accuse a program wrongly. Only MUST clauses are judged.
//
// The generators and the shrinking of pgregory.net/rapid are not used for this.
// Outside of a test binary its Check ends in a panic (testing.Short before Init),
// its seed and limits are flags of the whole process, and it shrinks the bits that
// were drawn rather than the conversation, which takes many more runs of the
// program under test. The tests of this package do use it.
package fuzz
