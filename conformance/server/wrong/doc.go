// Package wrong holds a server that is wrong in one way at a time, as programs
// by many hands are, and the test that the suite finds out in which.
//
// The server is server.py: a short and ordinary one, in another language than
// the suite's. As it is, it breaks no clause. With --mistake NAME it makes one
// mistake, a line or two, and the suite has to name the clauses that this line
// breaks and no other. So the test looks at both sides of every case: that it
// bites, and that it bites nobody else.
package wrong
