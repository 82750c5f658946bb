// Package target gets at the implementation under test: it starts, stops, kills
// and restarts it, and keeps what it prints and what it stores.
//
// A server is reached in one of three ways, all behind the interface [Server]:
//
//   - by address: someone else runs it, and nothing but the wire is seen. What
//     needs its process or its folder returns [ErrNotLocal].
//   - by command: it runs in a fresh copy of its folder, on a free port that is
//     written to port.info (STO-1) and put in place of {port} in an argument.
//     Each start takes a port that no start before it used, for many servers
//     cannot bind the same one again for a while; the folder stays the same, so
//     that what a server keeps can be looked for after a restart (STO-4, STO-5).
//   - in a container, of an image that the engine has or that is built from a
//     folder with a Dockerfile: port.info is written into the working directory
//     of the image, and [Server].Files copies out what is there. A restart keeps
//     the container and its files.
//
// A client is a command or a container: [RunClient] copies its folder, lets the
// caller lay out transfer.info and the like, and runs it to its end or to a
// deadline. A container does not find a server of this machine at 127.0.0.1:
// [ClientConfig].ListenHost says where such a server has to listen.
//
// A started program is the leader of a process group of its own; whatever of
// the group is left when the leader has ended, or at Close, is killed. On
// Windows there are no such groups, and only the program itself is. Containers
// are labelled and removed at Close; [Sweep] removes what an interrupt has left.
// Images are never pulled, and those that were built stay, so that the engine
// builds them quickly the next time.
//
// What the user got wrong is a [ConfigError]; a server that does not come up is
// a [StartError]; a container engine that does not answer is an [EngineError].
package target
