// Package wrong holds a client that is wrong in one way at a time, as programs
// by many hands are, and the test that the suite finds out in which.
//
// The client is client.py: a short and ordinary one, in another language than
// the suite's. As it is, it breaks no clause. With --mistake NAME it makes one
// mistake, a line or two, and the suite has to name the clauses that this line
// breaks and no other.
package wrong
