// Package grade runs the suites on the submissions of a class and turns what
// comes of it into points.
//
// A class is a folder with a folder for each submission. [Find] says what is to
// be run of each, a [Runner] runs it in isolation and keeps a [Result] with the
// reports, and a [Sheet] is the class as a whole: the model of which the JSON,
// the table, the pages and the feedback are views. A result is written when it
// is complete and never changed, so that a run can be interrupted at any time;
// points are not in it, so that another rubric needs no other run.
package grade
