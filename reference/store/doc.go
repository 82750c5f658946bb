// Package store keeps what a server must not forget: clients with their keys, and
// the files they sent.
//
// The truth is an SQLite database in the data folder (STO-3). A method that
// returns without an error has committed, so what the server answers afterwards
// holds even if it is killed (STO-5). To commit is to wait for the disk, so all who
// wait for it share a transaction (writer.go), and look-ups wait for nobody. The
// files lie beside the database, in a folder for each client that is named by the
// client's id:
//
//	defensive.db
//	clients/<id>/incoming/<random>   a file that is still arriving
//	clients/<id>/files/<file name>   a file that arrived whole
//
// A file is written in incoming and moved over only when it is complete and its row
// is stored ([Incoming.Keep]), so nobody ever meets half a file under its final name
// (STO-7, FIL-21), and what cannot be stored leaves the older file as it was. What a
// crash leaves in incoming is removed by the next [Open].
//
// Names from the wire become file names only if [SafeName] allows it, and every
// file is opened through an os.Root, which no path can leave (FIL-19). Folders
// and files are for their owner alone.
//
// One Store serves all connections; its methods may be called at the same time.
// A data folder belongs to one Store at a time.
package store
